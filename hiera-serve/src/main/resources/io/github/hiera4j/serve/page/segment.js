// Segmentation: the mask of the object at points set by mouse or keyboard.
import { make, send } from "/page.js";
import { decodeRuns, overlay } from "/pictures.js";

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

export function openSegments(body, subject) {
  const points = [];
  const canvas = overlay(subject);
  const { picture, view } = subject;
  picture.classList.add("clickable");
  body.append(make("p", "note", "Click the object; Shift-click the background. With the keyboard: move with the "
    + "arrow keys, set an object point with Enter or a background point with Shift+Enter."));
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
    state.textContent = `Position ${Math.round(cursor.x)}, ${Math.round(cursor.y)}`;
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
