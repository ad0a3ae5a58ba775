// Runs inside the pages of the calls under test: reads decoded pictures and played tones back.
// Players need not stand in the page to be heard.
const players = new Set();
const { play } = HTMLMediaElement.prototype;
HTMLMediaElement.prototype.play = function () {
  players.add(this);
  return play.call(this);
};
globalThis.eyes = {
  /** Mean colour, size, and whether two frames half a second apart differ; null while the element shows none. */
  async look(selector) {
    const video = document.querySelector(selector);
    if (!video || !video.videoWidth) return null;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [160, 120];
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const grab = () => {
      context.drawImage(video, 0, 0, 160, 120);
      return context.getImageData(0, 0, 160, 120).data;
    };
    const first = grab();
    await new Promise((done) => setTimeout(done, 500));
    const second = grab();
    let [red, green, blue, changed] = [0, 0, 0, 0];
    for (let at = 0; at < second.length; at += 4) {
      red += second[at];
      green += second[at + 1];
      blue += second[at + 2];
      if (Math.abs(second[at + 1] - first[at + 1]) > 40) changed += 1;
    }
    const pixels = second.length / 4;
    return {
      red: red / pixels,
      green: green / pixels,
      blue: blue / pixels,
      moves: changed > pixels / 200,
      width: video.videoWidth,
      height: video.videoHeight,
    };
  },
  /** Mean brightness 0 … 255 of a rectangle (fractions of the picture); null while the element shows none. */
  brightness(selector, { x, y, width, height }) {
    const video = document.querySelector(selector);
    if (!video || !video.videoWidth) return null;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [40, 40];
    const context = canvas.getContext("2d");
    const [w, h] = [video.videoWidth, video.videoHeight];
    context.drawImage(video, x * w, y * h, width * w, height * h, 0, 0, 40, 40);
    const { data } = context.getImageData(0, 0, 40, 40);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
    return sum / (data.length / 4);
  },
  /**
   * Loudness (dB) of each pitch in all that the page plays, within `ms`: what is reached for a third of the time. A beep with
   * its pauses does that; a lost packet, which crackles at every pitch for a moment, does not.
   */
  async hear(tonesHz, ms) {
    const elements = new Set([...players, ...document.querySelectorAll("audio, video")]);
    const streams = [...elements].flatMap((element) =>
      // One's own picture is shown without sound.
      element.srcObject instanceof MediaStream && !element.muted ? [element.srcObject] : [],
    );
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    analyser.fftSize = 8192;
    analyser.smoothingTimeConstant = 0;
    for (const stream of streams)
      if (stream.getAudioTracks().length > 0) context.createMediaStreamSource(stream).connect(analyser);
    const levels = tonesHz.map(() => []);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const until = performance.now() + ms;
    while (performance.now() < until) {
      await new Promise((done) => setTimeout(done, 60));
      analyser.getFloatFrequencyData(bins);
      tonesHz.forEach((tone, index) => {
        const bin = Math.round((tone * analyser.fftSize) / context.sampleRate);
        const level = Math.max(...bins.slice(bin - 3, bin + 4));
        levels[index].push(Number.isFinite(level) ? level : -200);
      });
    }
    await context.close();
    return levels.map((all) => all.sort((a, b) => a - b)[Math.floor((all.length * 2) / 3)] ?? -200);
  },
};
