import { Hono } from 'hono';
import * as v from 'valibot';
import { sha256Hex } from '../../shared/contracts/manifest.ts';
import { headArtifact, readArtifact, storeArtifact } from '../services/artifacts.ts';
import { authenticate } from './authenticate.ts';
import type { AppEnv } from './context.ts';
import { scopeOf } from './context.ts';
import { parseRange } from './parse-range.ts';
import { problemResponse } from './problem.ts';
import { json } from './respond.ts';

export const artifactRoutes = new Hono<AppEnv>()
  .get('/:sha256', authenticate('publishable'), async (c) => {
    const sha256 = c.req.param('sha256');
    const scope = scopeOf(c);
    const known = isSha256(sha256) ? await headArtifact(scope, sha256) : null;
    if (!known) return notFound(sha256);
    const etag = `"${sha256}"`;
    const headers = artifactHeaders(known, etag);
    if (c.req.header('If-None-Match') === etag) return new Response(null, { status: 304, headers });
    const range = parseRange(c.req.header('Range'), known.size);
    if (range === 'unsatisfiable') {
      headers.set('Content-Range', `bytes */${known.size}`);
      headers.delete('Content-Length');
      return new Response(null, { status: 416, headers });
    }
    if (range) {
      headers.set(
        'Content-Range',
        `bytes ${range.offset}-${range.offset + range.length - 1}/${known.size}`,
      );
      headers.set('Content-Length', String(range.length));
    }
    const status = range ? 206 : 200;
    if (c.req.method === 'HEAD') return new Response(null, { status, headers });
    const stored = await readArtifact(scope, sha256, range);
    return stored ? new Response(stored.body, { status, headers }) : notFound(sha256);
  })
  .put('/:sha256', authenticate('secret'), async (c) => {
    const sha256 = c.req.param('sha256');
    if (!isSha256(sha256))
      return problemResponse({
        reason: 'invalid',
        detail: 'The path needs 64 hexadecimal digits.',
      });
    const length = c.req.header('Content-Length');
    const stored = await storeArtifact(scopeOf(c), {
      sha256,
      sizeBytes: length === undefined ? null : Number(length),
      body: c.req.raw.body,
    });
    if (!stored.ok) return problemResponse(stored.error);
    return json({ sha256, created: stored.value.created }, stored.value.created ? 201 : 200);
  });

const isSha256 = (text: string): boolean => v.is(sha256Hex, text);

const notFound = (sha256: string): Response =>
  problemResponse({ reason: 'not_found', what: `artifact ${sha256}` });

const artifactHeaders = (object: R2Object, etag: string): Headers =>
  new Headers({
    'Content-Type': 'application/octet-stream',
    'Content-Length': String(object.size),
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'public, max-age=31536000, immutable',
    ETag: etag,
  });
