// Reconstruction: part of the picture is hidden, and the autoencoder fills it in.
import { make, send } from "/page.js";
import { colour, legend, slider } from "/pictures.js";

const WAIT = 200;

function errorMap(rows) {
  const canvas = make("canvas", "map");
  canvas.height = rows.length;
  canvas.width = rows[0].length;
  const largest = Math.max(1e-6, ...rows.flat());
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(canvas.width, canvas.height);
  rows.flat().forEach((value, at) => {
    pixels.data.set(value > 0 ? [...colour(value / largest), 255] : [128, 128, 128, 255], 4 * at);
  });
  context.putImageData(pixels, 0, 0);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", "Error of each hidden patch as colours");
  return { canvas, largest };
}

function figure(text, content) {
  const made = make("figure");
  made.append(content, make("figcaption", "", text));
  return made;
}

function picture(png, text) {
  const image = make("img");
  image.src = `data:image/png;base64,${png}`;
  image.alt = text;
  return figure(text, image);
}

export function openReconstruction(body, subject) {
  const { label, input } = slider("Hidden", { min: 0.1, max: 0.95, step: 0.05, value: subject.isVideo ? 0.9 : 0.6 },
    (value) => `${Math.round(100 * value)} %`);
  const row = make("div", "row");
  const again = make("button", "", "Another mask");
  again.type = "button";
  row.append(again);
  const state = make("p", "note");
  state.setAttribute("role", "status");
  const frames = make("div");
  const place = make("div", "figures");
  body.append(label, row, state, frames, place);
  let seed = 0;
  let asked = 0;
  let timer = 0;

  function show(answer, frame) {
    const { canvas, largest } = errorMap(answer.errors[frame]);
    place.replaceChildren(
      picture(answer.masked[frame], "Masked"),
      picture(answer.pasted[frame], "Reconstructed, with visible patches pasted in"),
      picture(answer.reconstructed[frame], "Reconstructed, all patches"),
      picture(answer.original[frame], "Original"),
      figure("Error of hidden patches", canvas),
      legend("squared error", 0, largest.toFixed(2)));
  }
  async function load() {
    const number = ++asked;
    state.className = "note";
    state.textContent = "Computing…";
    try {
      const [answer] = await send("reconstruct", subject.file,
        [["mask-ratio", input.value], ["seed", String(seed)]], subject.signal);
      if (number !== asked) return;
      state.textContent = `${answer.model}: ${(100 * answer.maskRatio).toFixed(0)} % of the mask units hidden, `
        + `loss ${answer.loss.toFixed(3)}`;
      frames.replaceChildren();
      const count = answer.masked.length;
      if (count > 1) {
        const chosen = slider("Frame", { min: 1, max: count, step: 1, value: 1 }, (value) => `${value} of ${count}`);
        chosen.input.addEventListener("input", () => show(answer, chosen.input.valueAsNumber - 1));
        frames.append(chosen.label);
      }
      show(answer, 0);
    } catch (failure) {
      if (failure.name === "AbortError" || number !== asked) return;
      state.className = "fault";
      state.textContent = failure.message;
    }
  }
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(load, WAIT);
  });
  again.addEventListener("click", () => {
    seed++;
    load();
  });
  load();
  return () => {
    asked++;
    clearTimeout(timer);
  };
}
