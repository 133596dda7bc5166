/** Where things stand: header, sections, columns and cards, from 360 pixels on. */
export const layout = `
header.page { background: var(--card); }
nav.parts { position: sticky; top: 0; z-index: 5; background: var(--card); border-bottom: 1px solid var(--line); }
header.page .title { display: flex; gap: 1rem; justify-content: space-between; align-items: flex-start; max-width: 1280px; margin: 0 auto; padding: 1.6rem 1.5rem 0.7rem; }
.kicker { font-size: 0.78rem; letter-spacing: 0.06em; text-transform: uppercase; }
nav.parts > div { max-width: 1280px; margin: 0 auto; padding: 0 0.75rem; display: flex; overflow-x: auto; }
nav.parts a { padding: 0.55rem 0.75rem 0.65rem; color: var(--faint); text-decoration: none; white-space: nowrap; border-bottom: 2px solid transparent; }
nav.parts a[aria-current] { font-weight: 600; }
nav.parts a:hover, nav.parts a[aria-current] { color: var(--text); border-color: var(--link); }
main { max-width: 1280px; margin: 0 auto; padding: 0 1.5rem; }
footer { max-width: 1280px; margin: 0 auto; padding: 2rem 1.5rem 3rem; font-size: 0.87rem; }
main > #study > section { padding-top: 2.2rem; }
main > #study > section > h2 { margin-bottom: 0.9rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; align-items: start; margin-top: 1rem; }
.columns > * { min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.1rem; box-shadow: var(--shadow); min-width: 0; }
.card.flush { padding: 0; }
.card + .card { margin-top: 1rem; }
.columns > .card + .card, .charts > .card + .card, .panels > .card + .card { margin-top: 0; }
.card h2, .card > h3 { margin-bottom: 0.5rem; }
.card h2 { font-size: 1.1rem; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.charts > .wide { grid-column: 1 / -1; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr)); gap: 0.5rem 1rem; margin-top: 0.6rem; }
figure { margin: 0; }
figure.chart > header { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; justify-content: space-between; align-items: flex-start; }
figure.chart > header > div:first-child { flex: 1 1 16rem; }
figure.chart header p, .charts > .card > p.faint { font-size: 0.87rem; }
figure.chart figcaption { font-size: 0.84rem; }
figure.chart figcaption:empty { display: none; }
figure.panel { padding: 0; border: 0; box-shadow: none; }
.canvas { position: relative; width: 100%; overflow: hidden; margin-top: 0.4rem; }
.canvas .missing { display: grid; place-items: center; height: 100%; }
.tools { display: flex; flex-wrap: wrap; gap: 0.4rem 0.6rem; align-items: center; }
.leftout ul { margin: 0.2rem 0 0; padding-left: 1.1rem; }
.leftout li { margin: 0.2rem 0; }
article.trial { padding-top: 1.4rem; display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
article.trial .columns { margin-top: 0; }
article.trial > .card + .card { margin-top: 0; }
article.trial > section:not(.card) > h2 { margin: 0.6rem 0; }
.crumbs { display: flex; gap: 1.2rem; flex-wrap: wrap; }
.lead { font-size: 1.05rem; overflow-wrap: anywhere; }
@media (max-width: 860px) { .charts { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 560px) {
  main, footer { padding-left: 0.9rem; padding-right: 0.9rem; }
  header.page .title { padding: 1.1rem 0.9rem 0.6rem; }
  nav.parts > div { padding: 0 0.15rem; }
  nav.parts a { padding-left: 0.5rem; padding-right: 0.5rem; font-size: 0.93rem; }
  .tiles { gap: 0.6rem; }
  .tile { padding: 0.7rem 0.8rem; }
  .tile-value { font-size: 1.5rem; }
  h1 { font-size: 1.4rem; }
  .card { padding: 0.8rem 0.8rem; }
}
`
