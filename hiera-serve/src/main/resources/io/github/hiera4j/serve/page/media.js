// Sources of files: chosen, dropped, pasted, or taken with the camera.
const element = (id) => document.getElementById(id);

/** Passes on all files that the user adds from now on. */
export function listenForFiles(take, complain) {
  const drop = element("drop");
  const chooser = element("files");
  element("choose").addEventListener("click", () => chooser.click());
  chooser.addEventListener("change", () => {
    take([...chooser.files]);
    chooser.value = "";
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) drop.classList.remove("over");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
  addEventListener("paste", (event) => {
    const files = [...event.clipboardData.files];
    if (files.length) take(files);
  });
  listenForCamera(take, complain);
}

function listenForCamera(take, complain) {
  const panel = element("camera-panel");
  const viewfinder = element("viewfinder");
  let stream = null;
  function stop() {
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
  }
  function close() {
    stop();
    panel.hidden = true;
    element("camera").focus();
  }
  if (!navigator.mediaDevices) element("camera").hidden = true;
  element("camera").addEventListener("click", async () => {
    try {
      stop(); // the button may be pressed again
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      viewfinder.srcObject = stream;
      panel.hidden = false;
      element("shoot").focus();
    } catch {
      complain("The camera cannot be used: there is none, or the browser does not allow it.");
    }
  });
  element("camera-off").addEventListener("click", close);
  element("shoot").addEventListener("click", () => {
    if (!viewfinder.videoWidth) {
      complain("The camera has not started yet.");
      return;
    }
    const canvas = document.createElement("canvas");
    canvas.width = viewfinder.videoWidth;
    canvas.height = viewfinder.videoHeight;
    canvas.getContext("2d").drawImage(viewfinder, 0, 0);
    canvas.toBlob((blob) => {
      if (blob) take([new File([blob], "camera.jpg", { type: "image/jpeg" })]);
    }, "image/jpeg", 0.95);
  });
}
