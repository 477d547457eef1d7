import type { Figure } from '../report.ts';
import { drawCategories } from './draw-categories.ts';
import { drawCurves } from './draw-curves.ts';
import { drawHistogram } from './draw-histogram.ts';
import { drawIntervals } from './draw-intervals.ts';

/** A figure as one SVG element. */
export function draw({ title, drawing }: Figure): string {
  switch (drawing.type) {
    case 'histogram':
      return drawHistogram(drawing, title);
    case 'categories':
      return drawCategories(drawing, title);
    case 'intervals':
      return drawIntervals(drawing, title);
    case 'curves':
      return drawCurves(drawing, title);
  }
}
