/** On paper: black on white, nothing to click, nothing cut through. */
export const print = `
@media print {
  :root, :root[data-theme='dark'] {
    color-scheme: light;
    --ground: #ffffff; --card: #ffffff; --raised: #f2f2f2; --line: #cccccc; --strong-line: #999999;
    --text: #000000; --faint: #444444; --link: #000000; --best: #8a3a00; --bad: #8a1c16; --shadow: none;
    --ended: #0072b2; --stopped: #8a929c; --failed: #d55e00; --running: #009e73; --paused: #cc79a7; --pending: #c4c9d0;
  }
  @page { margin: 14mm; }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header.page { border: 0; }
  header.page .title, main, footer { padding-left: 0; padding-right: 0; max-width: none; }
  nav.parts, .tools, .controls, .pages, .crumbs, .skip, [data-role='theme'], #filter-help, .code-head .tools { display: none !important; }
  .card, .tile, figure, tr { break-inside: avoid; }
  .card.flush, details.card { break-inside: auto; }
  h2, h3 { break-after: avoid; }
  .tiles { grid-template-columns: repeat(4, 1fr); gap: 0.5rem; }
  .tile-value { font-size: 1.4rem; }
  .columns { grid-template-columns: 1fr 1fr; }
  .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  table.numbers { font-size: 7pt; }
  table.numbers.plain th, table.numbers.plain td, table.numbers.plain thead th { padding: 0.2rem 0.3rem; white-space: normal; font-size: 7pt; }
  .panels { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .scroll { overflow: visible; }
  .screen-only { display: none; }
  .paper-only { display: block; }
  table.trials { font-size: 6.5pt; }
  table.trials th, table.trials td, table.trials thead button { padding: 0.15rem 0.3rem; max-width: none; }
  table.trials td.text { white-space: normal; overflow-wrap: break-word; min-width: 3rem; }
  table.trials thead button { white-space: normal; overflow-wrap: break-word; width: auto; }
  table.trials th:first-child, table.trials thead th { position: static; }
  .code pre { max-height: none; white-space: pre-wrap; }
  a { text-decoration: none; }
}
`
