// Detection: boxes and masks over the picture, and a list that highlights them.
import { make, send } from "/page.js";
import { decodeRuns, during, overlay, slider } from "/pictures.js";

const LOWEST = 0.1;

/** A colour for each class name, the same on every picture. */
export function hue(label) {
  let number = 0;
  for (const letter of label) number = (31 * number + letter.codePointAt(0)) % 360;
  return number;
}

function rgb(degrees, context) {
  context.fillStyle = `hsl(${degrees} 85% 50%)`;
  const hex = parseInt(context.fillStyle.slice(1), 16);
  return [hex >> 16, hex >> 8 & 255, hex & 255];
}

function draw(canvas, { height, width, detections }, chosen) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(width, height);
  for (const found of [...detections].reverse()) {
    const colour = rgb(hue(found.label), context);
    const opacity = chosen && chosen !== found ? 40 : 120;
    decodeRuns(found.segmentation).forEach((on, at) => {
      if (on) pixels.data.set([...colour, opacity], 4 * at);
    });
  }
  context.putImageData(pixels, 0, 0);
  const line = Math.max(1.5, width / 250);
  const size = Math.max(11, Math.round(width / 36));
  context.font = `600 ${size}px system-ui, sans-serif`;
  for (const found of detections) {
    if (chosen && chosen !== found) continue;
    const [left, top, right, bottom] = found.box;
    context.strokeStyle = `hsl(${hue(found.label)} 85% 50%)`;
    context.lineWidth = line;
    context.strokeRect(left, top, right - left, bottom - top);
    const text = `${found.label} ${Math.round(100 * found.score)} %`;
    const room = context.measureText(text).width + size / 2;
    const x = Math.max(0, Math.min(left, width - room));
    const y = Math.max(0, top - 1.4 * size);
    context.fillStyle = "rgb(0 0 0 / 75%)";
    context.fillRect(x, y, room, 1.4 * size);
    context.fillStyle = "#fff";
    context.fillText(text, x + size / 4, y + 1.05 * size);
  }
}

export function openDetections(body, subject) {
  let wanted = true;
  const canvas = overlay(subject);
  const { label, input } = slider("Minimum score", { min: LOWEST, max: 0.95, step: 0.05, value: 0.5 },
    (value) => value.toFixed(2));
  const place = make("div");
  body.append(label, place);
  let answer = null;

  function show() {
    if (!answer) return;
    const shown = { ...answer, detections: answer.detections.filter((found) => found.score >= input.valueAsNumber) };
    draw(canvas, shown);
    const list = make("ul", "bars long");
    for (const found of shown.detections) {
      const item = make("li");
      item.tabIndex = 0;
      const mark = make("span", "label", found.label);
      mark.style.borderInlineStart = `6px solid hsl(${hue(found.label)} 85% 50%)`;
      mark.style.paddingInlineStart = "8px";
      item.append(mark, make("span", "share", `${(100 * found.score).toFixed(1)} %`));
      for (const event of ["mouseenter", "focus"]) item.addEventListener(event, () => draw(canvas, shown, found));
      for (const event of ["mouseleave", "blur"]) item.addEventListener(event, () => draw(canvas, shown));
      list.append(item);
    }
    const count = shown.detections.length;
    place.replaceChildren(make("p", "note", count === 0 ? "Nothing found with this score."
      : `${answer.model}: ${count} found. Point at one to show only that.`), list);
  }
  input.addEventListener("input", show);
  during(place, subject, async () => {
    [answer] = await send("detect", subject.file, [["threshold", String(LOWEST)]], subject.signal);
    if (wanted) show();
  });
  return () => {
    wanted = false;
    canvas.remove();
  };
}
