const NOTES = [
  { hertz: 659, after: 0 },
  { hertz: 880, after: 0.18 },
];
const NOTE_SECONDS = 0.5;
const LOUDNESS = 0.15;

/** Two soft notes, over this speaker if the browser can choose one. Ends when they have sounded. */
export async function chime(speaker = ""): Promise<void> {
  const context = new AudioContext();
  const choosing = context as { setSinkId?: (id: string) => Promise<void> };
  if (speaker !== "") await choosing.setSinkId?.(speaker).catch(() => undefined);
  await new Promise<void>((resolve) => {
    for (const { hertz, after } of NOTES) {
      const note = sound(context, hertz, context.currentTime + after);
      if (after > 0) note.onended = () => resolve();
    }
    setTimeout(resolve, 3000); // where the browser plays nothing before a click
  });
  await context.close();
}

function sound(context: AudioContext, hertz: number, start: number): OscillatorNode {
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS);
  const note = new OscillatorNode(context, { frequency: hertz });
  note.connect(volume).connect(context.destination);
  note.start(start);
  note.stop(start + NOTE_SECONDS);
  return note;
}
