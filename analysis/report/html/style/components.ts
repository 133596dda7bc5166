/** Buttons, tiles, facts, code and what is told where a pointer is. */
export const components = `
button, select, input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--strong-line); border-radius: 6px; padding: 0.3rem 0.65rem; }
button { cursor: pointer; white-space: nowrap; }
button:hover:not(:disabled) { background: var(--raised); }
button:disabled { opacity: 0.45; cursor: default; }
button.small { font-size: 0.84rem; padding: 0.15rem 0.55rem; }
button[aria-pressed='true'] { background: var(--raised); border-color: var(--link); color: var(--link); }
input[aria-invalid='true'] { border-color: var(--bad); }
input::placeholder { color: var(--faint); opacity: 1; }
.controls { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; margin-bottom: 0.5rem; }
#charts .controls { margin-bottom: 1rem; }
.choice { display: inline-flex; gap: 0.5rem; align-items: center; min-width: 0; }
.choice > span { color: var(--faint); white-space: nowrap; }
.choice select { max-width: 16rem; text-overflow: ellipsis; }
.choice.grow { flex: 1 1 18rem; }
.choice.grow input { flex: 1; min-width: 0; }
.tools .choice { font-size: 0.84rem; }
.tools .choice select { padding: 0.1rem 0.4rem; max-width: 11rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 9.5rem), 1fr)); gap: 1rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 0.9rem 1.1rem; box-shadow: var(--shadow); min-width: 0; }
.tile-name { font-size: 0.87rem; color: var(--faint); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tile-value { font-size: 1.85rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.tile .faint { font-size: 0.87rem; }
.status { margin-top: 1rem; }
.bar { display: flex; gap: 2px; height: 10px; border-radius: 5px; overflow: hidden; }
.part { min-width: 3px; background: var(--pending); }
.part.ended { background: var(--ended); } .part.stopped { background: var(--stopped); } .part.failed { background: var(--failed); }
.part.running { background: var(--running); } .part.paused { background: var(--paused); }
.keys { display: flex; flex-wrap: wrap; gap: 0.2rem 1.3rem; list-style: none; margin: 0.45rem 0 0; padding: 0; font-variant-numeric: tabular-nums; }
.state { white-space: nowrap; }
.sign { display: inline-block; width: 1.25em; font-size: 0.8em; color: var(--faint); }
.state.ended .sign { color: var(--ended); } .state.stopped .sign { color: var(--stopped); } .state.failed .sign { color: var(--failed); }
.state.running .sign { color: var(--running); } .state.paused .sign { color: var(--paused); }
dl.facts { margin: 0; }
dl.facts > div { display: grid; grid-template-columns: minmax(6rem, 30%) minmax(0, 1fr); gap: 0.9rem; padding: 0.22rem 0; border-top: 1px solid var(--line); }
dl.facts > div:first-child { border-top: 0; }
dt { color: var(--faint); overflow-wrap: anywhere; }
dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.code { border: 1px solid var(--line); border-radius: 8px; margin-top: 0.7rem; background: var(--ground); overflow: hidden; min-width: 0; }
.columns > .code { margin-top: 0; }
.code-head { display: flex; justify-content: space-between; align-items: center; gap: 0.5rem; padding: 0.3rem 0.5rem 0.3rem 0.7rem; border-bottom: 1px solid var(--line); font-size: 0.87rem; flex-wrap: wrap; }
.code pre { margin: 0; padding: 0.7rem 0.9rem; overflow-x: auto; max-height: 26rem; line-height: 1.5; }
pre:focus-visible { outline-offset: -2px; }
[role='tablist'] { display: flex; gap: 0.2rem; }
[role='tab'] { border: 0; background: none; padding: 0.15rem 0.5rem; color: var(--faint); border-radius: 5px; }
[role='tab'][aria-selected='true'] { color: var(--text); background: var(--raised); font-weight: 600; }
ol.advice { list-style: none; margin: 0; padding: 0; }
ol.advice > li { display: grid; grid-template-columns: 5rem minmax(0, 1fr); gap: 0.2rem 0.9rem; padding: 0.6rem 0; border-top: 1px solid var(--line); }
ol.advice > li:first-child { border-top: 0; padding-top: 0.2rem; }
ol.advice p { overflow-wrap: anywhere; }
ol.advice .faint { font-size: 0.9rem; }
.advice-text { font-weight: 600; }
.priority { justify-self: start; align-self: start; font-size: 0.78rem; line-height: 1.4; padding: 0.05rem 0.5rem; margin-top: 0.1rem; border: 1px solid var(--strong-line); border-radius: 999px; color: var(--faint); }
.priority.high { border-color: var(--best); color: var(--best); font-weight: 600; }
.priority.medium { border-color: var(--link); color: var(--link); }
@media (max-width: 560px) { ol.advice > li { grid-template-columns: minmax(0, 1fr); } }
details > summary { cursor: pointer; font-weight: 600; padding: 0.1rem 0; }
details[open] > summary { margin-bottom: 0.5rem; }
details + *, * + details { margin-top: 1rem; }
.key span { margin-left: 1.1rem; } .key span:first-child { margin-left: 0; } .key .ordinary { color: var(--ended); }
.files { margin: 0; padding-left: 1.1rem; overflow-wrap: anywhere; }
.failure { border-color: var(--bad); }
.failure h2 { color: var(--bad); }
.failure p { overflow-wrap: anywhere; }
.failure pre { overflow-x: auto; margin: 0; }
.chart-tip { background: var(--card) !important; color: var(--text) !important; border-color: var(--strong-line) !important; max-width: 22rem; white-space: normal !important; }
.tip { font-size: 0.84rem; line-height: 1.4; }
.tip dl.facts { margin: 0.25rem 0; }
.tip dl.facts > div { border: 0; padding: 0; grid-template-columns: auto auto; justify-content: space-between; gap: 1.2rem; }
.tip dt { max-width: 11rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tip dd { text-align: right; max-width: 14rem; }
`
