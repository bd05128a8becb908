// One chart, by the dashboard's uPlot in the dashboard's colours. Lines are told apart by dash and by a name at their end,
// never by colour alone; a change of rules stands on its day. Whoever cannot see it reads the table beside it.
const day = (d) => Date.parse(`${d.length === 7 ? `${d}-01` : d}T00:00:00Z`) / 1000;

export function chart({ label, months, lines, marks, unit, goal }) {
    let scheme, size;
    const draw = (el) => {
        const css = getComputedStyle(el), c = (name) => css.getPropertyValue(name).trim();
        const font = `12px ${css.fontFamily}`, ink = c("--surfaceTxtColor"), soft = c("--surfaceTxtHintColor"), grid = c("--surfaceAlt2Color"), tones = [c("--deskLineA"), c("--deskLineB")];
        const words = (u, what, x, y, color) => { u.ctx.font = `${12 * devicePixelRatio}px ${css.fontFamily}`; u.ctx.fillStyle = color; u.ctx.textAlign = "left"; u.ctx.textBaseline = "middle"; u.ctx.fillText(what, x, y); };
        const over = (u) => {
            const { ctx, bbox } = u, r = devicePixelRatio;
            ctx.save();
            for (const m of marks) {
                const x = Math.min(bbox.left + bbox.width, u.valToPos(day(m.on), "x", true)), half = x > bbox.left + bbox.width / 2;
                ctx.strokeStyle = ink; ctx.lineWidth = r; ctx.setLineDash([2 * r, 3 * r]);
                ctx.beginPath(); ctx.moveTo(x, bbox.top - 14 * r); ctx.lineTo(x, bbox.top + bbox.height); ctx.stroke();
                ctx.setLineDash([]); ctx.fillStyle = ink; ctx.beginPath(); ctx.arc(x, bbox.top - 14 * r, 3 * r, 0, 7); ctx.fill();
                ctx.font = font;
                words(u, m.short, half ? x - ctx.measureText(m.short).width * r - 8 * r : x + 8 * r, bbox.top - 14 * r, ink);
            }
            let last = -99;
            lines.map((l, i) => ({ ...l, i, at: l.values.findLastIndex((v) => v !== null) })).filter((l) => l.at >= 0).map((l) => ({ ...l, y: u.valToPos(l.values[l.at], "y", true) })).sort((p, q) => p.y - q.y).forEach((l) => {
                const y = Math.max(l.y, last + 15 * r); last = y;
                words(u, l.name, bbox.left + bbox.width + 8 * r, y, tones[l.i % 2]);
            });
            ctx.restore();
        };
        el.plot?.destroy();
        const most = Math.max(1, ...lines.flatMap((l) => l.values));
        el.plot = new uPlot({
            width: Math.max(200, el.clientWidth), height: 216, padding: [24, 74, 0, 0], legend: { show: false }, cursor: { y: false, points: { size: 6 } },
            scales: { x: { time: true }, y: { range: () => [0, unit === "%" ? Math.min(100, Math.max(10, Math.ceil(most * 1.1))) : Math.ceil(most * 1.15)] } },
            series: [{}, ...lines.map((l, i) => ({ stroke: tones[i % 2], width: 2, dash: i ? [7, 4] : undefined, spanGaps: false, points: { show: true, size: 5, fill: tones[i % 2] } }))],
            axes: [{ stroke: soft, font, size: 28, splits: () => months.map(day).filter((_, i) => i % 3 === 0), grid: { stroke: grid, width: 1 }, ticks: { show: false }, values: (u, at) => at.map((s) => new Date(s * 1000).toISOString().slice(0, 7)) },
                { stroke: soft, font, size: 44, space: 34, grid: { stroke: grid, width: 1 }, ticks: { show: false }, values: (u, at) => at.map((v) => Number.isInteger(v) ? v + (unit === "%" ? "%" : "") : "") }],
            hooks: { draw: [over] },
        }, [months.map(day), ...lines.map((l) => l.values)], el);
    };
    return t.div({ className: "desk-chart", role: "img", ariaLabel: label,
        onmount: (el) => {
            requestAnimationFrame(() => el.isConnected && draw(el));
            size = new ResizeObserver(() => el.plot && el.clientWidth !== el.plot.width && draw(el));
            size.observe(el);
            scheme = new MutationObserver(() => draw(el));
            scheme.observe(document.documentElement, { attributeFilter: ["data-color-scheme"] });
        },
        onunmount: (el) => { size?.disconnect(); scheme?.disconnect(); el.plot?.destroy(); } });
}
