// Puts the signs of signs.py in place of a page's camera, microphone and screen.
// Called with {camera: look, screen: look}; a look is {blue, red, hertz}.
(looks) => {
  const WIDTH = 320, HEIGHT = 240, BITS = 16, BLOCK = WIDTH / BITS, PATCH = 40, SIGN_MS = 100;

  // By how many seconds each flash was drawn too late.
  const signs = (window.signs = { lateness: [] });

  const rgb = ({ blue, red }) => {
    const b = blue - 128, r = red - 128, bright = 1.164 * 112;
    return [bright + 1.596 * r, bright - 0.392 * b - 0.813 * r, bright + 2.017 * b].map(Math.round);
  };

  const picture = (look) => {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    let number = 0, flashed = false;
    const draw = () => {
      const late = Date.now() % 1000, flashes = late < SIGN_MS;
      if (flashes && !flashed) signs.lateness.push(late / 1000);
      flashed = flashes;
      context.fillStyle = flashes ? "rgb(249,249,249)" : "rgb(75,75,75)";
      context.fillRect(0, 0, WIDTH, HEIGHT);
      for (let bit = 0; bit < BITS; bit++) {
        context.fillStyle = (number >> (BITS - 1 - bit)) & 1 ? "rgb(249,249,249)" : "black";
        context.fillRect(bit * BLOCK, 0, BLOCK, BLOCK);
      }
      context.fillStyle = `rgb(${rgb(look)})`;
      context.fillRect(WIDTH - PATCH, HEIGHT - PATCH, PATCH, PATCH);
      number = (number + 1) % (1 << BITS);
    };
    draw();
    const drawing = setInterval(draw, 1000 / 30);
    const [track] = canvas.captureStream().getVideoTracks();
    const stop = track.stop.bind(track);
    track.stop = () => { clearInterval(drawing); stop(); };
    return track;
  };

  const sound = (look) => {
    const context = new AudioContext({ sampleRate: 48000 });
    const oscillator = new OscillatorNode(context, { frequency: look.hertz });
    const volume = new GainNode(context, { gain: 0 });
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    oscillator.connect(volume).connect(output);
    oscillator.start();
    let planned = 0;
    setInterval(() => {
      const second = Math.ceil(Date.now() / 1000) * 1000;
      if (second === planned) return;
      planned = second;
      const at = context.currentTime + (second - Date.now()) / 1000;
      volume.gain.setValueAtTime(0.4, at);
      volume.gain.setValueAtTime(0, at + SIGN_MS / 1000);
    }, 50);
    return output.stream.getAudioTracks()[0];
  };

  navigator.mediaDevices.getUserMedia = async ({ audio, video }) => {
    const tracks = [];
    if (audio) tracks.push(sound(looks.camera));
    if (video) tracks.push(picture(looks.camera));
    return new MediaStream(tracks);
  };
  navigator.mediaDevices.getDisplayMedia = async () =>
    new MediaStream([picture(looks.screen), sound(looks.screen)]);
}
