// A code that is pasted with blanks, dashes or full-width digits is put right as it is typed; the server does the same.

const digits = (s) => s
  .replace(/[\uFF10-\uFF19]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xFEE0))
  .replace(/[^0-9]/g, '')
  .slice(0, 6);

for (const input of document.querySelectorAll('input.code')) {
  input.addEventListener('input', () => {
    const clean = digits(input.value);
    if (clean !== input.value) input.value = clean;
  });
}
