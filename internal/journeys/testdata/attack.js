// What a page made of the words of an attacker: elements, attributes, addresses, styles, globals that came from them, or
// what the content security policy had to stop. And which of the words it shows.
(() => {
    const mark = /x4c1/i, made = [...(window.stopped ?? [])];
    const address = /^(href|src|action|formaction|xlink:href|srcdoc|data|poster|background|srcset|ping|cite)$/i;
    for (const e of document.querySelectorAll("*")) {
        const say = (what) => made.push(`${what}: ${e.cloneNode(false).outerHTML.slice(0, 200)}`);
        if (mark.test(e.localName)) say("an element");
        if (/^(iframe|object|embed|base|frame|applet)$/i.test(e.localName) || e.localName === "meta" && /refresh/i.test(e.httpEquiv)) say("an element that is on no page of ours");
        for (const a of e.attributes) {
            if (mark.test(a.name) || /^on/i.test(a.name)) say(`the attribute ${a.name}`);
            if (a.name === "style" && mark.test(a.value)) say("a style");
            if (!address.test(a.name)) continue;
            const to = new URL(a.value, location.href);
            if (!/^(https?|tel|mailto|blob):$/.test(to.protocol) && !/^data:(image|font)\//.test(a.value)) say(`an address of ${to.protocol}`);
            if (/x4c1\d\d\.example/i.test(to.host) && !(e.localName === "a" && e.target === "_blank" && e.rel.includes("noopener"))) say("a foreign address");
        }
        if (e.localName === "script" && mark.test(e.textContent) || e.localName === "style" && mark.test(e.textContent)) say("a script or style");
    }
    for (const k of Object.keys(window)) if (mark.test(k)) made.push(`the global ${k}`);
    const said = [document.title, document.body.innerText, ...[...document.querySelectorAll("input, textarea, option")].map((e) => e.value)];
    for (const e of document.querySelectorAll("[title], [alt], [aria-label]")) said.push(e.title, e.alt ?? "", e.ariaLabel ?? "");
    return { made, shown: [...new Set(said.join("\n").match(/x4c1\d\d/gi) ?? [])].map((m) => m.toLowerCase()) };
})()
