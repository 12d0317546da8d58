// Shared by the panels: requests that show their state, canvases over a picture, masks, colours for numbers.
import { make } from "/page.js";

/** Runs a request and shows its progress, or why it failed. */
export async function during(body, subject, work) {
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

/** A canvas over the picture, as large as the picture itself. */
export function overlay(subject) {
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

/** The colour of a number from 0 to 1: lightness grows evenly, from dark violet through green to light yellow. */
const STOPS = [[42, 11, 74], [59, 72, 140], [30, 125, 130], [75, 175, 100], [170, 215, 70], [252, 243, 160]];
export function colour(share) {
  const at = Math.max(0, Math.min(1, share)) * (STOPS.length - 1);
  const below = Math.min(STOPS.length - 2, Math.floor(at));
  return STOPS[below].map((value, channel) => Math.round(value + (at - below) * (STOPS[below + 1][channel] - value)));
}

/** A colour bar from the smallest to the largest number, with a description of the numbers. */
export function legend(text, least, largest) {
  const place = make("div", "legend");
  const bar = make("canvas");
  bar.width = 256;
  bar.height = 1;
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", `Colours from ${least} to ${largest}`);
  const context = bar.getContext("2d");
  for (let x = 0; x < 256; x++) {
    context.fillStyle = `rgb(${colour(x / 255).join()})`;
    context.fillRect(x, 0, 1, 1);
  }
  const ends = make("div", "ends");
  ends.append(make("span", "", String(least)), make("span", "", text), make("span", "", String(largest)));
  place.append(bar, ends);
  return place;
}

/** A range input with its value next to the label. */
export function slider(text, { min, max, step, value }, say) {
  const label = make("label");
  const input = make("input");
  Object.assign(input, { type: "range", min, max, step, value });
  const shown = make("output", "", say(input.valueAsNumber));
  input.addEventListener("input", () => { shown.textContent = say(input.valueAsNumber); });
  label.append(make("span", "", `${text} `), shown, input);
  return { label, input };
}
