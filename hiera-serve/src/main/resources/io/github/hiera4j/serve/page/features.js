// Features: the principal components of a stage as colours.
import { make, send } from "/page.js";
import { during } from "/pictures.js";

/** The first three principal components of the vectors in rows of C numbers, each scaled to 0..1, as RGB. */
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

export function openFeatures(body, subject) {
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
      place.append(canvas, make("p", "note", `${map.model}: ${height} × ${width} positions with ${channels} channels. Positions of `
        + "similar colour have similar features."));
    });
  }
  choice.addEventListener("change", load);
  load();
  return () => { wanted = false; };
}
