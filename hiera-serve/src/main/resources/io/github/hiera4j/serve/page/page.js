// The entry point of the page: the server's models, the added files, and a card for each file.
import { listenForFiles } from "/media.js";
import { panels } from "/panels.js";

const element = (id) => document.getElementById(id);
let token = "";
let server = { models: [], mostFiles: 1, largestRequestBytes: 0 };

/** Sends a request with the token; a failure is an Error with the server's message. */
export async function ask(path, options = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...headers, ...(options.headers || {}) } });
  } catch (unreachable) {
    if (unreachable.name === "AbortError") throw unreachable;
    throw new Error("The server does not respond.");
  }
  if (response.ok) return response;
  if (response.status === 401) element("token-form").hidden = false;
  let message = `The server responded with status ${response.status}.`;
  try {
    message = (await response.json()).error || message;
  } catch { /* no JSON: only the status is shown */ }
  throw new Error(message);
}

/** Sends one file to an endpoint and returns the lines of the response as objects. */
export async function send(task, file, parameters = [], signal) {
  const query = new URLSearchParams([["name", file.name || "picture"], ...parameters]);
  const response = await ask(`/v1/${task}?${query}`, {
    method: "POST", body: file, signal, headers: { "Content-Type": "application/octet-stream" },
  });
  return (await response.text()).trim().split("\n").map((line) => JSON.parse(line));
}

export function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

async function learnModels() {
  try {
    server = await (await ask("/v1/models")).json();
    element("token-form").hidden = true;
    element("models").textContent = server.models
      .map((model) => `${model.name} (${model.tasks.join(", ")})`).join(" · ");
    element("message").textContent = "";
  } catch (failure) {
    element("models").textContent = "";
    element("message").textContent = failure.message;
  }
}

function show(files) {
  element("message").textContent = "";
  let count = 0;
  for (const file of files) {
    if (file.size > server.largestRequestBytes) {
      element("message").textContent = `${file.name} is larger than the ${server.largestRequestBytes} bytes allowed.`;
    } else if (count < server.mostFiles) {
      element("results").prepend(card(file));
      count++;
    }
  }
}

let cards = 0;

/** One file with its picture and the panels that the loaded models allow. */
function card(file) {
  const id = `card-${++cards}`;
  const article = make("article", "card");
  article.setAttribute("aria-labelledby", `${id}-name`);
  const head = make("div", "head");
  const name = make("h3", "", file.name || "Picture");
  name.id = `${id}-name`;
  const remove = make("button", "", "Remove");
  remove.type = "button";
  remove.setAttribute("aria-label", `Remove ${name.textContent}`);
  head.append(name, remove);
  const picture = make("div", "picture");
  const address = URL.createObjectURL(file);
  const isVideo = file.type.startsWith("video/");
  const view = make(isVideo ? "video" : "img");
  if (isVideo) {
    view.controls = true;
    view.muted = true;
    view.setAttribute("aria-label", name.textContent);
  } else {
    view.alt = name.textContent;
  }
  view.src = address;
  picture.append(view);
  const side = make("div", "panel");
  article.append(head, picture, side);
  const stop = new AbortController();
  remove.addEventListener("click", () => {
    stop.abort();
    URL.revokeObjectURL(address);
    article.remove();
    element("choose").focus();
  });
  addTabs(id, side, { file, isVideo, picture, view, signal: stop.signal, models: server.models });
  return article;
}

function addTabs(id, side, subject) {
  const usable = panels.filter((panel) => panel.fits(subject));
  if (usable.length === 0) {
    side.append(make("p", "fault", "No loaded model can process this file."));
    return;
  }
  const tabs = make("div", "tabs");
  tabs.setAttribute("role", "tablist");
  const body = make("div");
  body.setAttribute("role", "tabpanel");
  body.id = `${id}-panel`;
  body.tabIndex = 0;
  const buttons = usable.map((panel, index) => {
    const button = make("button", "", panel.title);
    button.type = "button";
    button.id = `${id}-tab-${index}`;
    button.setAttribute("role", "tab");
    button.setAttribute("aria-controls", body.id);
    button.addEventListener("click", () => open(index));
    button.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) open((index + step + usable.length) % usable.length, true);
    });
    tabs.append(button);
    return button;
  });
  let leave = () => {};
  function open(index, focus = false) {
    leave();
    buttons.forEach((button, at) => {
      button.setAttribute("aria-selected", String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    });
    if (focus) buttons[index].focus();
    body.setAttribute("aria-labelledby", buttons[index].id);
    body.replaceChildren();
    leave = usable[index].open(body, subject) || (() => {});
  }
  side.append(tabs, body);
  open(0);
}

element("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  token = element("token").value.trim();
  element("token").value = "";
  learnModels();
});
listenForFiles(show, (message) => { element("message").textContent = message; });
learnModels();
