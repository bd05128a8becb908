// Sends a picture as soon as it is chosen, with progress, and goes on after a broken connection. Large pictures are made
// smaller first. The answer is the page itself: its main part takes the place of ours, errors included. Without this module
// the same form is sent by its button.

const LONGEST = 4000;            // pixels that are sent as they are
const TARGET = 3000;             // pixels of a picture that was made smaller
const HEAVY = 4 * 1024 * 1024;   // bytes that are sent as they are
const WAITS = [1000, 2000, 4000, 8000, 15000, 30000];

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// smaller returns the file as it is, or a JPEG of it that is easy to send. What cannot be read here goes to the server,
// which says why it does not take it.
async function smaller(file, onStart) {
  if (!/^image\/(jpeg|png)$/.test(file.type) || !window.createImageBitmap) return file;
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch (e) {
    return file;
  }
  const longest = Math.max(bitmap.width, bitmap.height);
  if (file.size <= HEAVY && longest <= LONGEST) return file;
  onStart();
  const scale = Math.min(1, TARGET / longest);
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  if (bitmap.close) bitmap.close();
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', 0.85); });
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg' });
}

// send posts once. It fails only where no answer came.
function send(form, body, onProgress) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', form.action);
    xhr.responseType = 'document';
    xhr.upload.onprogress = (e) => { if (e.lengthComputable) onProgress(Math.round(100 * e.loaded / e.total)); };
    xhr.onload = () => {
      if (xhr.status >= 502 && xhr.status <= 504) reject(new Error('no answer'));
      else resolve(xhr);
    };
    xhr.onerror = () => reject(new Error('broken'));
    xhr.send(body);
  });
}

// put shows the answer in place of this page.
function put(xhr) {
  const page = xhr.response;
  const main = page && page.querySelector('main');
  if (!main) {
    location.reload();
    return;
  }
  document.title = page.title;
  document.querySelector('main').replaceWith(document.adoptNode(main));
  if (xhr.responseURL && xhr.status < 400) history.replaceState(null, '', xhr.responseURL);
  start();
  const errors = document.getElementById('errors');
  const seen = errors || document.getElementById('files') || document.querySelector('main h1');
  seen.tabIndex = -1;
  seen.focus();
}

function bodyOf(form, file) {
  const body = new FormData();
  for (const input of form.querySelectorAll('input[type=hidden]')) body.append(input.name, input.value);
  body.append('file', file, file.name);
  return body;
}

async function upload(form, original) {
  const box = form.querySelector('.sending');
  const text = box.querySelector('[role=status]');
  const bar = box.querySelector('progress');
  const files = form.querySelector('.files');
  box.hidden = false;
  files.hidden = true;
  text.textContent = form.dataset.working;
  const file = await smaller(original, () => { text.textContent = form.dataset.shrinking; });
  for (let n = 0; ; n++) {
    text.textContent = n ? form.dataset.broken : form.dataset.working;
    try {
      put(await send(form, bodyOf(form, file), (percent) => {
        bar.value = percent;
        text.textContent = form.dataset.working + ' ' + percent + '%';
      }));
      return;
    } catch (e) {
      if (n >= WAITS.length) break;
      text.textContent = form.dataset.broken;
      await later(WAITS[n]);
    }
  }
  giveUp(form, box, text, original);
}

// giveUp keeps the picture and offers to try again by hand.
function giveUp(form, box, text, file) {
  text.textContent = form.dataset.gaveUp;
  const again = document.createElement('button');
  again.type = 'button';
  again.className = 'btn';
  again.textContent = form.dataset.again;
  again.addEventListener('click', () => { again.remove(); upload(form, file); });
  box.append(again);
}

function start() {
  for (const form of document.querySelectorAll('form.upload')) {
    form.classList.add('live');
    for (const input of form.querySelectorAll('input[type=file]')) {
      input.addEventListener('change', () => { if (input.files.length) upload(form, input.files[0]); });
    }
  }
}

start();
