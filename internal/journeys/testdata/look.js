// What does not fit on this page at this width: what scrolls sideways, what stands outside the window, what is cut off by
// the box it lies in. Elements that are there for the ear only are clipped on purpose.
(() => {
  const wide = document.documentElement.clientWidth, found = [];
  const passing = '.toast-container, .toast-container *'; // the dashboard's own notices slide in and out
  const name = (e) => `${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''}${typeof e.className === 'string' && e.className ? '.' + e.className.trim().replace(/\s+/g, '.') : ''} "${(e.textContent || '').trim().slice(0, 30)}"`;
  const forEars = (e) => { for (; e; e = e.parentElement) { const s = getComputedStyle(e); if (e.matches('.vh, .skip, .desk-offscreen, [hidden], dialog:not([open])') || s.clip === 'rect(0px, 0px, 0px, 0px)' || s.clipPath === 'inset(50%)') return true; } return false; };
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) found.push(`the page scrolls sideways: ${root.scrollWidth} in ${root.clientWidth}`);
  for (const e of document.body.querySelectorAll('*')) {
    if (e.matches(passing) || e.closest('svg') && e.tagName.toLowerCase() !== 'svg') continue;
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (!r.width || !r.height || s.visibility === 'hidden' || s.display === 'contents' || forEars(e)) continue;
    if (r.right > wide + 1 || r.left < -1) { found.push(`stands outside (${Math.round(r.left)} to ${Math.round(r.right)}): ${name(e)}`); continue; }
    if (/^(INPUT|SELECT|IMG|PROGRESS|IFRAME)$/.test(e.tagName) || s.display === 'inline') continue;
    if (e.scrollWidth > e.clientWidth + 1 && s.overflowX !== 'visible') found.push(`${s.overflowX === 'hidden' || s.overflowX === 'clip' ? 'is cut' : 'scrolls sideways'} (${e.scrollWidth} in ${e.clientWidth}): ${name(e)}`);
    if (e.scrollHeight > e.clientHeight + 2 && (s.overflowY === 'hidden' || s.overflowY === 'clip')) found.push(`is cut below (${e.scrollHeight} in ${e.clientHeight}): ${name(e)}`);
  }
  return found.slice(0, 6);
})()
