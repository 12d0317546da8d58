// The panels of a card. Each says whether it fits a file and the loaded models, and fills a tab.
import { make, send } from "/page.js";

const can = (subject, task) => subject.models.some((model) => model.tasks.includes(task));

/** Runs a request and shows that it runs, or why it failed. */
async function during(body, subject, work) {
  const state = make("p", "note", "Computing…");
  state.setAttribute("role", "status");
  body.append(state);
  try {
    await work();
    state.remove();
  } catch (failure) {
    if (failure.name === "AbortError") return;
    state.className = "fault";
    state.textContent = failure.message;
  }
}

function openClasses(body, subject) {
  let wanted = true;
  during(body, subject, async () => {
    const [answer] = await send("classify", subject.file, [["top", "5"]], subject.signal);
    if (!wanted) return;
    const list = make("ul", "bars");
    for (const guess of answer.predictions) {
      const item = make("li");
      const fill = make("span", "fill");
      fill.style.width = `${100 * guess.probability}%`;
      item.append(fill, make("span", "label", guess.label),
        make("span", "share", `${(100 * guess.probability).toFixed(1)} %`));
      list.append(item);
    }
    body.append(list, make("p", "note", `${answer.model}, ${Math.round(answer.milliseconds)} ms`));
    for (const warning of answer.warnings) body.append(make("p", "note", warning));
  });
  return () => { wanted = false; };
}

/** A canvas over the picture, as large as the picture itself. */
function overlay(subject) {
  const canvas = make("canvas");
  canvas.width = subject.view.naturalWidth || 1;
  canvas.height = subject.view.naturalHeight || 1;
  subject.picture.append(canvas);
  return canvas;
}

/** COCO's compressed run lengths, column by column, as bytes of 0 and 1, row by row. */
export function decodeRuns({ size: [height, width], counts }) {
  const runs = [];
  for (let at = 0; at < counts.length;) {
    let value = 0;
    let shift = 0;
    let more = true;
    while (more) {
      const part = counts.charCodeAt(at++) - 48;
      value |= (part & 31) << shift;
      more = (part & 32) !== 0;
      shift += 5;
      if (!more && (part & 16)) value |= -1 << shift;
    }
    runs.push(runs.length > 2 ? value + runs[runs.length - 2] : value);
  }
  const mask = new Uint8Array(width * height);
  let position = 0;
  runs.forEach((length, index) => {
    if (index % 2) {
      for (let i = position; i < position + length; i++) mask[(i % height) * width + Math.floor(i / height)] = 1;
    }
    position += length;
  });
  return mask;
}

function drawMask(canvas, { segmentation }, points) {
  const [height, width] = segmentation.size;
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(width, height);
  decodeRuns(segmentation).forEach((on, at) => {
    if (on) pixels.data.set([31, 120, 255, 140], 4 * at);
  });
  context.putImageData(pixels, 0, 0);
  drawPoints(context, points, Math.max(4, width / 100));
}

function drawPoints(context, points, radius) {
  for (const { x, y, on } of points) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = on ? "#18a558" : "#d03a2b";
    context.strokeStyle = "#fff";
    context.lineWidth = radius / 3;
    context.fill();
    context.stroke();
  }
}

function openSegments(body, subject) {
  const points = [];
  const canvas = overlay(subject);
  const { picture, view } = subject;
  picture.classList.add("clickable");
  body.append(make("p", "note", "Click the object. With Shift, click what is not part of it. By keyboard: move with the "
    + "arrow keys, set a point with Enter, or with Shift and Enter."));
  const row = make("div", "row");
  const clear = make("button", "", "Clear points");
  clear.type = "button";
  row.append(clear);
  const state = make("p", "note");
  state.setAttribute("role", "status");
  body.append(row, state);
  const cursor = { x: (view.naturalWidth || 1) / 2, y: (view.naturalHeight || 1) / 2 };
  let asked = 0;

  async function segment() {
    const number = ++asked;
    const ordered = [...points].sort((a, b) => Number(b.on) - Number(a.on));
    state.textContent = "Computing…";
    try {
      const [mask] = await send("segment", subject.file,
        ordered.map(({ x, y, on }) => ["point", `${x.toFixed(1)},${y.toFixed(1)}${on ? "" : ":0"}`]), subject.signal);
      if (number !== asked) return;
      drawMask(canvas, mask, points);
      state.textContent = `${mask.area} pixels, quality ${mask.predicted_iou.toFixed(2)}`;
    } catch (failure) {
      if (failure.name !== "AbortError") state.textContent = failure.message;
    }
  }
  function add(x, y, on) {
    if (!on && points.length === 0) {
      state.textContent = "The first point must lie on the object.";
      return;
    }
    points.push({ x, y, on });
    segment();
  }
  function click(event) {
    const box = view.getBoundingClientRect();
    add((event.clientX - box.left) / box.width * view.naturalWidth,
      (event.clientY - box.top) / box.height * view.naturalHeight, !event.shiftKey);
  }
  function drawCursor() {
    const context = canvas.getContext("2d");
    context.clearRect(0, 0, canvas.width, canvas.height);
    canvas.width = view.naturalWidth || 1;
    canvas.height = view.naturalHeight || 1;
    drawPoints(context, points, Math.max(4, canvas.width / 100));
    context.strokeStyle = "#fff";
    context.lineWidth = Math.max(2, canvas.width / 200);
    const arm = canvas.width / 30;
    context.beginPath();
    context.moveTo(cursor.x - arm, cursor.y);
    context.lineTo(cursor.x + arm, cursor.y);
    context.moveTo(cursor.x, cursor.y - arm);
    context.lineTo(cursor.x, cursor.y + arm);
    context.stroke();
    state.textContent = `At ${Math.round(cursor.x)}, ${Math.round(cursor.y)}`;
  }
  function key(event) {
    const step = Math.max(1, view.naturalWidth / 50);
    const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (move) {
      cursor.x = Math.min(view.naturalWidth, Math.max(0, cursor.x + move[0]));
      cursor.y = Math.min(view.naturalHeight, Math.max(0, cursor.y + move[1]));
      drawCursor();
    } else if (event.key === "Enter") {
      add(cursor.x, cursor.y, !event.shiftKey);
    } else {
      return;
    }
    event.preventDefault();
  }
  clear.addEventListener("click", () => {
    points.length = 0;
    asked++;
    canvas.getContext("2d").clearRect(0, 0, canvas.width, canvas.height);
    state.textContent = "";
  });
  view.addEventListener("click", click);
  view.addEventListener("keydown", key);
  view.tabIndex = 0;
  return () => {
    asked++;
    view.removeEventListener("click", click);
    view.removeEventListener("keydown", key);
    view.removeAttribute("tabindex");
    picture.classList.remove("clickable");
    canvas.remove();
  };
}

/** The three strongest principal components of the vectors in rows of C numbers, each scaled to 0..1, as RGB. */
export function principalColours(values, channels) {
  const count = values.length / channels;
  const rows = Float64Array.from(values);
  for (let c = 0; c < channels; c++) {
    let mean = 0;
    for (let i = 0; i < count; i++) mean += rows[i * channels + c] / count;
    for (let i = 0; i < count; i++) rows[i * channels + c] -= mean;
  }
  const colours = new Float64Array(3 * count);
  for (let component = 0; component < 3; component++) {
    let axis = Float64Array.from({ length: channels }, (_, c) => Math.sin(1 + c * (component + 1)));
    let scores = new Float64Array(count);
    for (let round = 0; round < 30; round++) {
      const next = new Float64Array(channels);
      for (let i = 0; i < count; i++) {
        let score = 0;
        for (let c = 0; c < channels; c++) score += rows[i * channels + c] * axis[c];
        scores[i] = score;
        for (let c = 0; c < channels; c++) next[c] += score * rows[i * channels + c];
      }
      const length = Math.hypot(...next) || 1;
      axis = next.map((value) => value / length);
    }
    const least = Math.min(...scores);
    const range = Math.max(...scores) - least || 1;
    for (let i = 0; i < count; i++) {
      colours[3 * i + component] = (scores[i] - least) / range;
      let score = 0;
      for (let c = 0; c < channels; c++) score += rows[i * channels + c] * axis[c];
      for (let c = 0; c < channels; c++) rows[i * channels + c] -= score * axis[c];
    }
  }
  return colours;
}

function openFeatures(body, subject) {
  let wanted = true;
  const label = make("label", "", "Stage");
  const choice = make("select");
  choice.id = `stage-${Math.random().toString(36).slice(2)}`;
  label.htmlFor = choice.id;
  for (const stage of [1, 2, 3, 4]) choice.append(new Option(`Stage ${stage}`, stage, stage === 3, stage === 3));
  const place = make("div");
  body.append(label, choice, place);
  async function load() {
    place.replaceChildren();
    await during(place, subject, async () => {
      const [map] = await send("features", subject.file, [["stage", choice.value]], subject.signal);
      if (!wanted) return;
      const [height, width, channels] = map.shape.slice(-3);
      const canvas = make("canvas", "map");
      canvas.width = width;
      canvas.height = height;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `Principal components of stage ${map.stage} as colours`);
      const context = canvas.getContext("2d");
      const pixels = context.createImageData(width, height);
      const colours = principalColours(map.values.slice(0, height * width * channels), channels);
      for (let i = 0; i < width * height; i++) {
        pixels.data.set([255 * colours[3 * i], 255 * colours[3 * i + 1], 255 * colours[3 * i + 2], 255], 4 * i);
      }
      context.putImageData(pixels, 0, 0);
      place.append(canvas, make("p", "note", `${map.model}: ${height} × ${width} places with ${channels} channels. Places of `
        + "similar colour have similar features."));
    });
  }
  choice.addEventListener("change", load);
  load();
  return () => { wanted = false; };
}

export const panels = [
  { title: "Classes", fits: (subject) => can(subject, "classify"), open: openClasses },
  { title: "Segmentation", fits: (subject) => !subject.isVideo && can(subject, "segment"), open: openSegments },
  { title: "Features", fits: (subject) => can(subject, "features"), open: openFeatures },
];
