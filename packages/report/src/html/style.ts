/** Colours of the series are told apart with common colour-blindness too (after Okabe and Ito 2008), in both schemes. */
export const seriesColors = [1, 2, 3, 4, 5, 6].map((n) => `var(--series-${n})`);

export const stylesheet = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f6f7f9; --ink: #1b1f24; --soft: #5b6470; --line: #d8dde3; --best: #e8f1fb;
  --series-1: #0067b1; --series-2: #b85c00; --series-3: #007a5a; --series-4: #a04a86;
  --series-5: #6f7782; --series-6: #8a6d00;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --panel: #1c2127; --ink: #e8ebef; --soft: #a3adb8; --line: #39414b; --best: #1e3247;
    --series-1: #5eb1f7; --series-2: #f0a04b; --series-3: #3ecf9f; --series-4: #e58fc8;
    --series-5: #9aa4b0; --series-6: #e3c74f;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 66rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 3rem 0 1rem; font-size: 1.25rem; }
p { max-width: 70ch; margin: .5rem 0; }
.lead, .notes, figcaption, caption { color: var(--soft); }
.notes { font-size: .9rem; }
.headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .75rem; margin: 1.5rem 0 0; }
.headline div { padding: .9rem 1rem; border-radius: .5rem; background: var(--panel); }
.headline dt { color: var(--soft); font-size: .85rem; }
.headline dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 0 0 1rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; margin: 1rem 0; }
.scroll:focus-visible { outline: 2px solid var(--series-1); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .35rem; font-size: .9rem; }
th, td { padding: .3rem 1.1rem .3rem .4rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { font-weight: 600; white-space: nowrap; }
td { overflow-wrap: break-word; }
.right { text-align: right; white-space: nowrap; }
tr.best td { background: var(--best); }
.user { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 0 2rem; padding: 1rem;
  margin: 1rem 0; border-radius: .5rem; background: var(--panel); }
.user h3 { grid-column: 1 / -1; margin: 0 0 .5rem; font-size: 1rem; }
.user h4 { margin: .25rem 0; font-size: .85rem; font-weight: 600; color: var(--soft); }
.user ol { margin: 0 0 .5rem; padding-left: 1.75rem; font-size: .9rem; }
.user li { padding: .1rem 0; overflow-wrap: anywhere; }
.user small, .score { color: var(--soft); font-size: .85em; }
.score { font-variant-numeric: tabular-nums; white-space: nowrap; }
.legend { display: flex; flex-wrap: wrap; gap: .15rem 1rem; margin: .5rem 0 0; padding: 0; list-style: none; font-size: .85rem; }
.legend li { overflow-wrap: anywhere; }
pre { overflow-x: auto; margin: 1rem 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--panel); font-size: .9rem; }
pre code { white-space: pre-wrap; overflow-wrap: anywhere; }
pre:focus-visible, summary:focus-visible { outline: 2px solid var(--series-1); }
details { margin: 1rem 0; }
summary { cursor: pointer; }
details h3 { margin: 1.25rem 0 .5rem; font-size: 1rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(22rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; padding: 1rem; border-radius: .5rem; background: var(--panel); }
figcaption { font-size: .9rem; margin-bottom: .5rem; }
figure svg { display: block; width: 100%; max-width: 36rem; height: auto; }
@media (max-width: 60rem) {
  th, td { padding: .3rem .6rem .3rem .4rem; font-size: .9rem; }
}
@media (max-width: 40rem) {
  main { padding: 1.25rem .75rem 3rem; }
  h1 { font-size: 1.4rem; overflow-wrap: anywhere; }
  .facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .45rem; }
  .headline { grid-template-columns: repeat(2, 1fr); }
  .headline dd { font-size: 1.2rem; }
  figure { padding: .75rem .5rem; }
  /* A wide table is moved sideways; what its rows are called stays. */
  th, td { padding: .3rem .3rem .3rem .1rem; font-size: .78rem; }
  th, .right { white-space: normal; }
  th { vertical-align: bottom; }
  .scroll th:first-child, .scroll td:first-child { position: sticky; left: 0; background: var(--page); }
  .scroll tr.best td:first-child { background: var(--best); }
}
@media print {
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  table { width: 100%; }
  th, td { padding: .15rem .4rem; font-size: 8pt; white-space: normal; }
  h2 { break-after: avoid; }
  figure, tr, .headline div { break-inside: avoid; }
  thead { display: table-header-group; }
}
`;
