// A form that is pressed twice is sent once. The button comes back when the page is shown again (the back button), or when
// nothing has happened for a while, so that nobody is locked out. The server counts the form once in any case.

const RELEASE_MS = 20000;

function release(form) {
  delete form.dataset.sent;
  for (const b of form.querySelectorAll('button')) b.removeAttribute('aria-disabled');
}

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = 'yes';
  for (const b of form.querySelectorAll('button')) b.setAttribute('aria-disabled', 'true');
  setTimeout(release, RELEASE_MS, form);
});

window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) release(form);
});

// Where the browser does not honour autofocus on a summary of errors.
const errors = document.getElementById('errors');
if (errors && document.activeElement !== errors) errors.focus();
