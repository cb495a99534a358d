// Small comforts of the console; every page works without them.
"use strict";

const MEGABYTE = 1024 * 1024;

function toggleMenu(button) {
  const menu = document.getElementById(button.getAttribute("aria-controls"));
  const open = menu.classList.toggle("show");
  button.setAttribute("aria-expanded", String(open));
}

async function copyText(button) {
  const source = document.querySelector(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.lastChild.textContent = "已复制";
  } catch {
    // Browsers keep the clipboard from pages without https; the older way still works there.
    getSelection().selectAllChildren(source);
    button.lastChild.textContent = document.execCommand("copy") ? "已复制" : "已选中，请按 Ctrl+C";
  }
}

function uploadFault(form) {
  const files = [...form.querySelector("input[type=file]").files];
  const largest = Number(form.dataset.largestFile);
  const most = Number(form.dataset.largestUpload);
  const total = files.reduce((sum, file) => sum + file.size, 0);
  if (files.length > Number(form.dataset.mostFiles)) {
    return `一次最多上传 ${form.dataset.mostFiles} 个文件，请分几次来。`;
  }
  if (total > most * MEGABYTE) {
    return `选的文件一共超过 ${most} MB，请分几次上传。`;
  }
  const big = files.filter((file) => file.size > largest * MEGABYTE);
  return files.length && big.length === files.length ? `${big[0].name} 超过 ${largest} MB，请拆成几个文件再传。` : "";
}

function showUploadFault(form, text) {
  const place = form.querySelector(".upload-wrong");
  place.textContent = text;
  place.hidden = !text;
}

function nameFiles(input) {
  const place = input.closest(".drop").querySelector(".drop-text");
  const files = [...input.files];
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const amount = size < MEGABYTE ? `${Math.ceil(size / 1024)} KB` : `${(size / MEGABYTE).toFixed(1)} MB`;
  const names = files.length === 1 ? files[0].name : `已选 ${files.length} 个文件`;
  place.textContent = files.length ? `${names}，共 ${amount}` : place.dataset.empty;
  showUploadFault(input.form, files.length ? uploadFault(input.form) : "");
}

function openUpload() {
  if (location.hash === "#files") {
    document.getElementById("upload")?.setAttribute("open", "");
  }
}

function checkUpload(event) {
  const form = event.target.closest("form[data-upload]");
  if (!form) {
    return;
  }
  const fault = uploadFault(form);
  showUploadFault(form, fault);
  if (fault) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

function showProgress(event) {
  const form = event.target.closest("form[data-upload]");
  if (!form) {
    return;
  }
  const bar = form.querySelector(".upload-progress");
  bar.hidden = false;
  if (event.detail.lengthComputable) {
    bar.value = (event.detail.loaded / event.detail.total) * 100;
  }
}

function uploadEnded(event) {
  const form = event.target.closest("form[data-upload]");
  if (!form) {
    return;
  }
  form.querySelector(".upload-progress").hidden = true;
  if (event.detail.successful) {
    form.reset();
    nameFiles(form.querySelector("input[type=file]"));
  } else if (!event.detail.xhr.status) {
    showUploadFault(form, "上传中断了，请检查网络后再试。");
  }
}

function sendOnce(event) {
  const form = event.target;
  if (!form.matches("form[data-once]")) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
}

function fillQuestion(event) {
  const from = event.target.dataset.fill;
  if (from) {
    document.querySelector(from).value = event.target.querySelector("[name=question]").value;
  }
}

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-toggle=menu]");
  const copy = event.target.closest("[data-copy]");
  if (toggle) {
    toggleMenu(toggle);
  } else if (copy) {
    copyText(copy);
  }
});

document.addEventListener("keydown", (event) => {
  const box = event.target.closest("[data-trial] textarea");
  if (box && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    box.form.requestSubmit();
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".drop input")) {
    nameFiles(event.target);
  }
});

// In the capture phase, so that a refused upload never reaches htmx.
document.addEventListener("submit", checkUpload, true);
document.addEventListener("submit", sendOnce);
document.addEventListener("submit", fillQuestion);
document.addEventListener("htmx:xhr:progress", showProgress);
document.addEventListener("htmx:afterRequest", uploadEnded);
window.addEventListener("hashchange", openUpload);
openUpload();
if (matchMedia("(max-width: 991.98px)").matches) {
  for (const details of document.querySelectorAll("details[data-closed-on-phone]")) {
    details.open = false;
  }
}
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});
