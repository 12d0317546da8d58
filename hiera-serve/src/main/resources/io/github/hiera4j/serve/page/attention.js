// Attention: how the query under the pointer distributes its attention over the picture.
import { make, send } from "/page.js";
import { colour, during, legend } from "/pictures.js";

export function openAttention(body, subject) {
  const label = make("label", "", "Block");
  const choice = make("select");
  choice.id = `block-${Math.random().toString(36).slice(2)}`;
  label.htmlFor = choice.id;
  const seen = make("div", "picture clickable seen");
  const view = make("img");
  const canvas = make("canvas");
  seen.append(view, canvas);
  seen.hidden = true;
  const place = make("div");
  body.append(make("p", "note", "Point at the picture, or move with the arrow keys: the colours show where the query at that position "
    + "attends. The picture is the model's input."), label, choice, seen, place);
  let wanted = true;
  let answer = null;
  let at = null;

  function draw() {
    canvas.width = view.naturalWidth || 1;
    canvas.height = view.naturalHeight || 1;
    const context = canvas.getContext("2d");
    const [, rows, columns] = answer.queries;
    const [, height, width] = answer.keys;
    const map = answer.maps[at.row * columns + at.column];
    const largest = Math.max(1e-9, ...map);
    const cell = { x: canvas.width / width, y: canvas.height / height };
    map.forEach((value, key) => {
      context.fillStyle = `rgb(${colour(value / largest).join(" ")} / 65%)`;
      context.fillRect(key % width * cell.x, Math.floor(key / width) * cell.y, cell.x, cell.y);
    });
    context.strokeStyle = "#fff";
    context.lineWidth = Math.max(1.5, canvas.width / 120);
    context.strokeRect(at.column * canvas.width / columns, at.row * canvas.height / rows, canvas.width / columns,
      canvas.height / rows);
    place.replaceChildren(make("p", "note", `${answer.model}, block ${answer.block}, ${answer.global ? "global attention"
      : "attention inside mask units"}: query in row ${at.row + 1}, column ${at.column + 1} of ${rows} × ${columns}`),
    legend("share of the attention", "0", `${(100 * largest).toFixed(1)} %`));
  }
  function move(row, column) {
    if (!answer) return;
    const [, rows, columns] = answer.queries;
    at = { row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns - 1, column)) };
    draw();
  }
  function point(event) {
    if (!answer) return;
    const box = view.getBoundingClientRect();
    move(Math.floor((event.clientY - box.top) / box.height * answer.queries[1]),
      Math.floor((event.clientX - box.left) / box.width * answer.queries[2]));
  }
  function key(event) {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step || !at) return;
    move(at.row + step[0], at.column + step[1]);
    event.preventDefault();
  }
  function load(block) {
    place.replaceChildren();
    seen.hidden = true;
    answer = null;
    during(place, subject, async () => {
      const [fresh] = await send("attention", subject.file, block === "" ? [] : [["block", block]], subject.signal);
      if (!wanted) return;
      answer = fresh;
      view.src = `data:image/png;base64,${fresh.view}`;
      view.alt = `${subject.file.name || "Picture"} as the model sees it`;
      seen.hidden = false;
      await view.decode();
      if (!wanted) return;
      if (choice.options.length === 0) {
        for (let number = 0; number < fresh.blocks; number++) {
          choice.append(new Option(`Block ${number}`, number, false, number === fresh.block));
        }
      }
      move(Math.floor(fresh.queries[1] / 2), Math.floor(fresh.queries[2] / 2));
    });
  }
  choice.addEventListener("change", () => load(choice.value));
  view.addEventListener("pointermove", point);
  view.addEventListener("pointerdown", point);
  view.addEventListener("keydown", key);
  view.tabIndex = 0;
  load("");
  return () => { wanted = false; };
}
