/** Colours, on a light and on a dark ground, and what holds everywhere. Text is legible on both grounds (WCAG AA). */
export const base = `
:root {
  color-scheme: light;
  --ground: #f5f6f8; --card: #ffffff; --raised: #eef0f3; --line: #d9dde3; --strong-line: #b4bac3;
  --text: #1b1f24; --faint: #57606a; --link: #0a5fa3; --focus: #0a5fa3;
  --best: #b34a00; --bad: #b3261e; --good: #00694c;
  --ended: #0072b2; --stopped: #8a929c; --failed: #d55e00; --running: #009e73; --paused: #cc79a7; --pending: #c4c9d0;
  --shadow: 0 1px 2px rgb(20 25 35 / 6%), 0 2px 8px rgb(20 25 35 / 4%);
}
:root[data-theme='dark'] {
  color-scheme: dark;
  --ground: #0e0f12; --card: #17181c; --raised: #22242a; --line: #2e3138; --strong-line: #4a4e57;
  --text: #ececec; --faint: #a9b0ba; --link: #6bb8f0; --focus: #8ccbf7;
  --best: #ff9a5c; --bad: #ff8a80; --good: #4fd1a8;
  --ended: #56b4e9; --stopped: #7d8590; --failed: #ea7a2b; --running: #1fbf92; --paused: #d998bd; --pending: #50555e;
  --shadow: none;
}
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: 4.5rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 400 15px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif;
}
h1, h2, h3, h4 { margin: 0; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; } h2 { font-size: 1.3rem; } h3 { font-size: 1.02rem; } h4 { font-size: 0.93rem; }
h1:focus, h2:focus { outline: none; }
p { margin: 0; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 0.06em; }
a:hover { text-decoration-thickness: 0.12em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
[hidden] { display: none !important; }
.faint { color: var(--faint); }
.missing { color: var(--faint); padding: 0.75rem 0; }
.star { color: var(--best); margin-right: 0.3em; }
.offscreen { position: fixed; left: -100vw; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.4rem 0.8rem; z-index: 10; }
.noscript { padding: 2rem; }
pre, code { font-family: ui-monospace, 'SF Mono', SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.87rem; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`
