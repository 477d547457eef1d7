import * as v from 'valibot';
import { TIME_PARTS } from '../../shared/table/time-part.ts';

const named = { name: v.string(), missing: v.picklist(['reject', 'impute']) };

/** An input as a file of a fitted model holds it. */
export const columnSpec = v.variant('type', [
  v.object({
    ...named,
    type: v.literal('number'),
    time: v.exactOptional(
      v.object({
        column: v.string(),
        part: v.picklist(TIME_PARTS),
        order: v.exactOptional(v.picklist(['year_first', 'day_first', 'month_first'])),
      }),
    ),
  }),
  v.object({
    ...named,
    type: v.literal('category'),
    categories: v.array(v.object({ value: v.string() })),
  }),
]);
