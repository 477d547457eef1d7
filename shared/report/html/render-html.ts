import { escapeHtml } from '../escape.ts';
import type { Fact, Report, Section, Tone } from '../report.ts';
import { renderBlock } from './render-block.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** SHA-256 of STYLE and SCRIPT in base64: what the page's policy allows, and nothing else. */
export const STYLE_SHA256 = 'zmx1sPuqRlq4jqhIKFC8/y/VIufMZ3I2Q2L/AdS9J6M=';
export const SCRIPT_SHA256 = 'JsAAM41AF7LnoEHkoB35Txz8ZG+K++NdrXK183A/VPk=';

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_SHA256}'`,
  `script-src 'sha256-${SCRIPT_SHA256}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const SIGNS: Record<Tone, string> = { good: '✓', bad: '✕', unsure: '?', plain: '·' };

/** A report as one HTML file that asks for nothing: readable without its script, printed and in the dark. */
export function renderHtml(report: Report): string {
  const { kind, title, subject, verdict, facts, sections } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="kind">${kind} report</p>
<h1>${escapeHtml(title)}</h1>
<p class="subject">${escapeHtml(subject)}</p>
<p class="verdict ${verdict.tone}"><strong class="${verdict.tone}">${SIGNS[verdict.tone]} ${escapeHtml(verdict.word)}</strong><span>${escapeHtml(verdict.sentence)}</span></p>
${facts.length > 0 ? `<dl class="facts">${facts.map(renderFact).join('')}</dl>` : ''}
<div class="tools" hidden></div>
</header>
<main>
${sections.map(renderSection).join('\n')}
</main>
<footer>Written by Edgewise. One file: it asks for nothing and sends nothing.</footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

const renderFact = ({ label, value, note }: Fact): string =>
  `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>${note === undefined ? '' : `<dd>${escapeHtml(note)}</dd>`}</div>`;

const renderSection = ({ heading, blocks }: Section): string =>
  `<section>
<h2>${escapeHtml(heading)}</h2>
${blocks.map(renderBlock).join('\n')}
</section>`;
