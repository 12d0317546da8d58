// The panels of a card. Each decides whether it fits a file and the loaded models, and fills a tab.
import { openAttention } from "/attention.js";
import { openDetections } from "/detect.js";
import { openFeatures } from "/features.js";
import { make, send } from "/page.js";
import { during } from "/pictures.js";
import { openReconstruction } from "/reconstruct.js";
import { openSegments } from "/segment.js";

const can = (subject, task) => subject.models.some((model) => model.tasks.includes(task));

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

export const panels = [
  { title: "Classes", fits: (subject) => can(subject, "classify"), open: openClasses },
  { title: "Detection", fits: (subject) => !subject.isVideo && can(subject, "detect"), open: openDetections },
  { title: "Segmentation", fits: (subject) => !subject.isVideo && can(subject, "segment"), open: openSegments },
  { title: "Reconstruction", fits: (subject) => can(subject, "reconstruct"), open: openReconstruction },
  { title: "Attention", fits: (subject) => !subject.isVideo && can(subject, "attention"), open: openAttention },
  { title: "Features", fits: (subject) => can(subject, "features"), open: openFeatures },
];
