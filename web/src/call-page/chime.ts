const NOTES = [
  { hertz: 659, after: 0 },
  { hertz: 880, after: 0.18 },
];
const NOTE_SECONDS = 0.5;
const LOUDNESS = 0.15;

/** Two soft notes: somebody knocks. */
export function chime(): void {
  const context = new AudioContext();
  for (const { hertz, after } of NOTES) {
    const start = context.currentTime + after;
    const volume = new GainNode(context, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
    const note = new OscillatorNode(context, { frequency: hertz });
    note.connect(volume).connect(context.destination);
    note.start(start);
    note.stop(start + NOTE_SECONDS);
    note.onended = () => {
      if (after > 0) void context.close();
    };
  }
}
