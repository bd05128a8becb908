// Copies the text of a field. Without this module the button is not there, and one marks and copies by hand.

async function copy(field) {
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(field.value);
    return;
  }
  field.select();
  if (!document.execCommand('copy')) throw new Error('copy refused');
}

for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.parentElement.hidden = false;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    try {
      await copy(field);
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = label; }, 4000);
    } catch (e) {
      field.focus();
      field.select();
    }
  });
}
