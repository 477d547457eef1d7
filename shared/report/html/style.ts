/** The one style of a page; its hash is what the page's policy allows. */
export const STYLE = `
:root{color-scheme:light dark;--page:#fff;--raised:#f6f7f9;--ink:#16191f;--soft:#5b6472;--line:#dfe3e8;--faint:#edf0f3;
--s0:#8b95a3;--s1:#1f66d6;--s2:#b3541e;--s3:#6b4bb8;--good:#14713f;--bad:#b3261e;--unsure:#8a5a00;
--good-back:#e6f4ec;--bad-back:#fdecea;--unsure-back:#fdf3df;--plain-back:#eef1f5}
:root.dark{color-scheme:dark;--page:#13161b;--raised:#1b1f26;--ink:#e8ebf0;--soft:#9aa5b4;--line:#303743;--faint:#242a33;
--s0:#7d8896;--s1:#6ea8ff;--s2:#f0a36b;--s3:#b79cff;--good:#63d297;--bad:#ff8f86;--unsure:#e8b95a;
--good-back:#15301f;--bad-back:#3a1b19;--unsure-back:#33280f;--plain-back:#222831}
:root.light{color-scheme:light}
@media(prefers-color-scheme:dark){:root:not(.light){--page:#13161b;--raised:#1b1f26;--ink:#e8ebf0;--soft:#9aa5b4;--line:#303743;--faint:#242a33;
--s0:#7d8896;--s1:#6ea8ff;--s2:#f0a36b;--s3:#b79cff;--good:#63d297;--bad:#ff8f86;--unsure:#e8b95a;
--good-back:#15301f;--bad-back:#3a1b19;--unsure-back:#33280f;--plain-back:#222831}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
header,main,footer{max-width:70rem;margin:0 auto;padding:0 1.5rem}
header{padding-top:2.2rem}
.kind{margin:0;color:var(--soft);font-size:.78rem;font-weight:600;letter-spacing:.09em;text-transform:uppercase}
h1{margin:.15rem 0 .2rem;font-size:1.75rem;line-height:1.25;letter-spacing:-.01em;overflow-wrap:anywhere}
.subject{margin:0 0 1.2rem;color:var(--soft);overflow-wrap:anywhere}
h2{margin:2.6rem 0 .7rem;padding-bottom:.35rem;border-bottom:1px solid var(--line);font-size:1.2rem}
section{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 2.2rem;align-items:start}section>*{grid-column:1/-1;min-width:0}section>figure:not(:only-of-type){grid-column:auto}
p{max-width:46rem;margin:.5rem 0;overflow-wrap:anywhere}
a{color:inherit;text-decoration-color:var(--s0);text-underline-offset:.2em}a:hover{color:var(--s1)}
:focus-visible{outline:2px solid var(--s1);outline-offset:2px;border-radius:3px}
.verdict{display:flex;gap:.9rem;align-items:baseline;max-width:none;margin:0;padding:.95rem 1.15rem;border-radius:.6rem;border:1px solid transparent;font-size:1.05rem}
.verdict strong{flex:none}
.verdict.good{background:var(--good-back)}.verdict.bad{background:var(--bad-back)}
.verdict.unsure{background:var(--unsure-back)}.verdict.plain{background:var(--plain-back)}
.facts{display:flex;flex-wrap:wrap;gap:1px;margin:1.1rem 0 0;border:1px solid var(--line);border-radius:.6rem;overflow:hidden;background:var(--line)}
.facts div{flex:1 1 9.5rem;padding:.75rem 1rem;background:var(--page)}
.facts dt{color:var(--soft);font-size:.82rem}
.facts dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums;letter-spacing:-.01em;overflow-wrap:anywhere}
.facts dd+dd{color:var(--soft);font-size:.8rem;font-weight:400;letter-spacing:0}
.verdict span{color:var(--ink)}.good{color:var(--good)}.bad{color:var(--bad)}.unsure{color:var(--unsure)}
.mark{display:inline-block;padding:.05rem .55rem;border-radius:1rem;background:var(--plain-back);font-size:.82rem;font-weight:600;white-space:nowrap}
.mark.good{background:var(--good-back)}.mark.bad{background:var(--bad-back)}.mark.unsure{background:var(--unsure-back)}
.scroll{overflow-x:auto;margin:.8rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{padding:0 0 .4rem;color:var(--soft);font-size:.85rem;text-align:left}
th,td{padding:.42rem .8rem .42rem 0;border-bottom:1px solid var(--faint);max-width:28rem;text-align:left;vertical-align:middle;overflow-wrap:break-word}
thead th{border-bottom:1px solid var(--line);color:var(--soft);font-weight:600;font-size:.82rem;vertical-align:bottom;overflow-wrap:normal}
tbody th{font-weight:600;min-width:7rem}
.n{text-align:right}tbody .n{white-space:nowrap}
tbody tr:hover{background:var(--raised)}
thead button{all:unset;cursor:pointer}thead button:focus-visible{outline:2px solid var(--s1)}
thead button::after{content:"\\2195";margin-left:.25rem;opacity:.35}
[aria-sort=ascending] button::after{content:"\\2191";opacity:1}[aria-sort=descending] button::after{content:"\\2193";opacity:1}
details{border:1px solid var(--line);border-radius:.6rem;margin:.6rem 0;background:var(--page)}
summary{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:baseline;padding:.7rem 1rem;cursor:pointer;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:.42rem;height:.42rem;border:solid var(--soft);border-width:0 2px 2px 0;transform:rotate(-45deg) translateY(-.1rem);transition:transform .12s}
details[open]>summary::before{transform:rotate(45deg) translateY(-.15rem)}
summary:hover{background:var(--raised);border-radius:.6rem}
summary h3{margin:0;font-size:1rem;overflow-wrap:anywhere}
summary span:last-child{color:var(--soft);font-size:.9rem}
.inside{display:grid;grid-template-columns:minmax(0,5fr) minmax(0,4fr);gap:0 2.2rem;align-items:start;padding:0 1.1rem 1rem}
.inside>p,.inside>.wide{grid-column:1/-1}.inside table{font-size:.85rem}.inside tbody th{font-weight:400}.inside td,.inside th{padding-top:.28rem;padding-bottom:.28rem}
.numbers{border:0;margin:0}.numbers .scroll{max-height:20rem}.numbers>summary{padding:.2rem 0;color:var(--soft);font-size:.82rem}
figure{margin:1rem 0;max-width:44rem}.inside>figure{margin:.6rem 0}
figcaption{margin-bottom:.35rem;font-weight:600;font-size:.9rem}
svg{display:block;width:100%;height:auto;overflow:visible}
svg text{fill:var(--ink);font-size:13px;font-family:inherit}
svg .tick,svg .label{paint-order:stroke;stroke:var(--page);stroke-width:3px;stroke-linejoin:round}svg .tick{fill:var(--soft);font-size:12px}svg .value{font-weight:600}
svg .end{text-anchor:end}svg .middle{text-anchor:middle}
.spark{width:104px;height:24px;display:inline-block;vertical-align:middle}
.grid{stroke:var(--faint);fill:none}.axis{stroke:var(--soft);fill:none;opacity:.6}
.baseline{stroke:var(--soft);fill:none;stroke-dasharray:4 3}
.area{stroke-width:1.5;stroke-linejoin:round}
.area.s0{fill:var(--s0);fill-opacity:.45;stroke:none}.area.s1{fill:var(--s1);fill-opacity:.14;stroke:var(--s1)}
.area.s2{fill:none;stroke:var(--s2)}.area.s3{fill:none;stroke:var(--s3)}
.bar.s0,.key.s0{fill:var(--s0)}.bar.s1,.key.s1{fill:var(--s1)}.bar.s2,.key.s2{fill:var(--s2)}.bar.s3,.key.s3{fill:var(--s3)}
.line{fill:none;stroke-width:2;stroke-linejoin:round}.line.s0{stroke:var(--s0)}.line.s1{stroke:var(--s1)}.line.s2{stroke:var(--s2)}.line.s3{stroke:var(--s3)}
.dashed{stroke-dasharray:5 4;stroke-width:1.5}
.band{fill-opacity:.16}.band.s0{fill:var(--s0)}.band.s1{fill:var(--s1)}.band.s2{fill:var(--s2)}.band.s3{fill:var(--s3)}
.whisker{fill:none;stroke:var(--s1);stroke-width:2}.whisker.s0{stroke:var(--s0)}.whisker.s2{stroke:var(--s2)}.whisker.s3{stroke:var(--s3)}
.dot{fill:var(--s1)}.dot.s0{fill:var(--s0)}.dot.s2{fill:var(--s2)}.dot.s3{fill:var(--s3)}
.whisker.bad{stroke:var(--bad)}.dot.bad{fill:var(--bad)}.whisker.good{stroke:var(--good)}.dot.good{fill:var(--good)}.whisker.unsure{stroke:var(--s0)}.dot.unsure{fill:var(--s0)}
.event{fill:none;stroke-width:2.5}.event.bad{stroke:var(--bad)}.event.unsure{stroke:var(--s0);stroke-dasharray:3 2}
.hint{fill:transparent}.hint:hover{fill:var(--ink);fill-opacity:.05}
.tools{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center;margin-top:1.1rem}
.tools button,.tools input{font:inherit;font-size:.85rem;color:var(--ink);background:var(--page);border:1px solid var(--line);border-radius:.4rem;padding:.3rem .7rem}
.tools button{cursor:pointer}.tools button:hover{background:var(--raised)}.tools input{flex:1;min-width:9rem;max-width:18rem}
.tip{position:fixed;z-index:9;max-width:20rem;padding:.3rem .6rem;border-radius:.35rem;background:var(--ink);color:var(--page);font-size:.82rem;pointer-events:none;overflow-wrap:anywhere}
footer{margin-top:3rem;padding-top:1rem;padding-bottom:2rem;border-top:1px solid var(--line);color:var(--soft);font-size:.82rem}
[hidden]{display:none!important}
@media(max-width:56rem){.inside,section{grid-template-columns:minmax(0,1fr)}}
@media(max-width:40rem){figure{overflow-x:auto}figure>svg{min-width:30rem}table{width:max-content;min-width:100%}th,td{max-width:15rem}caption{max-width:calc(100vw - 2rem)}header,main,footer{padding-left:1rem;padding-right:1rem}.verdict{flex-direction:column;gap:.2rem}h1{font-size:1.4rem}}
@media print{
:root,:root.dark,:root:not(.light){color-scheme:light;--page:#fff;--raised:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#ddd;--s0:#8b95a3;--s1:#1f66d6;--s2:#b3541e;--s3:#6b4bb8;--good:#14713f;--bad:#b3261e;--unsure:#8a5a00;--good-back:#fff;--bad-back:#fff;--unsure-back:#fff;--plain-back:#fff}
body{font-size:10.5pt}header,main,footer{max-width:none;padding-left:0;padding-right:0}
.tools,.tip,.numbers,thead button::after{display:none}.verdict,.facts{border-color:#bbb}
details{border:0;border-top:1px solid var(--line);border-radius:0;break-inside:avoid}
details::details-content{content-visibility:visible;display:block;height:auto}
summary::before{display:none}summary{padding-left:0}.inside{padding:0;grid-template-columns:minmax(0,5fr) minmax(0,4fr)}section{grid-template-columns:minmax(0,1fr)}section>figure{max-width:34rem}
figure,tr{break-inside:avoid}h2,h3,summary{break-after:avoid}.scroll{overflow:visible}
}`;
