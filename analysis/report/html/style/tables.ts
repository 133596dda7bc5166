/** Tables: that of the trials, whose first column stays in sight, and plain ones. */
export const tables = `
.scroll { overflow-x: auto; }
.paper-only { display: none; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { font-weight: 600; text-align: left; }
table.plain { width: 100%; font-size: 0.93rem; }
table.plain caption { text-align: left; padding: 0.6rem 0.7rem 0.2rem; font-size: 0.87rem; }
table.plain th, table.plain td { padding: 0.32rem 0.7rem; border-top: 1px solid var(--line); vertical-align: top; }
table.plain thead th { border-top: 0; color: var(--faint); font-weight: 500; font-size: 0.87rem; white-space: nowrap; }
table.plain td, table.plain tbody th { white-space: nowrap; max-width: 18rem; overflow: hidden; text-overflow: ellipsis; }
table.plain:not(.numbers) td:last-child:not(:only-child) { white-space: normal; overflow-wrap: anywhere; max-width: none; }
table.plain:not(.numbers) td:last-child { min-width: 15rem; }
table.numbers th:not(:first-child), table.numbers td { text-align: right; white-space: nowrap; }
table.findings td, table.findings tbody th { white-space: normal; overflow-wrap: break-word; max-width: none; }
table.findings.regions td { white-space: nowrap; }
table.findings.plain td:last-child:not(:only-child) { white-space: nowrap; }
table.suggestions tbody th { font-weight: 400; max-width: none; }
table.suggestions .tools { display: inline-flex; flex-flow: row-reverse; margin-left: 0.6rem; }
td.number, th.number { text-align: right; }
table.trials { width: 100%; font-size: 0.9rem; border-collapse: separate; border-spacing: 0; }
table.trials th, table.trials td { padding: 0.34rem 0.7rem; white-space: nowrap; border-top: 1px solid var(--line); max-width: 20rem; overflow: hidden; text-overflow: ellipsis; }
table.trials thead th { border-top: 0; padding: 0; background: var(--raised); position: sticky; top: 0; z-index: 1; }
table.trials thead button { width: 100%; border: 0; border-radius: 0; background: none; text-align: left; padding: 0.45rem 0.7rem; font-weight: 600; max-width: 16rem; overflow: hidden; text-overflow: ellipsis; }
table.trials thead .number button { text-align: right; }
table.trials thead button:focus-visible { outline-offset: -2px; }
table.trials thead button::after { content: ''; display: inline-block; width: 1.1em; color: var(--faint); text-align: right; }
table.trials [aria-sort='ascending'] button::after { content: '▲'; font-size: 0.7em; color: var(--link); }
table.trials [aria-sort='descending'] button::after { content: '▼'; font-size: 0.7em; color: var(--link); }
table.trials th:first-child { position: sticky; left: 0; background: var(--card); z-index: 1; text-align: right; }
table.trials thead th:first-child { background: var(--raised); z-index: 2; }
table.trials tbody tr:hover td, table.trials tbody tr:hover th { background: var(--raised); }
table.trials tr.best td, table.trials tr.best th { font-weight: 600; }
.pages { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-top: 0.7rem; font-variant-numeric: tabular-nums; }
#trials .card { margin-top: 0.5rem; }
`
