// How loud a microphone is.

const DRAWS_PER_SECOND = 20;
const QUIETEST_DECIBELS = -60;

/** Loudness of samples between -1 and 1, on a scale from 0 (silence) to 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length || Number.MIN_VALUE);
  return Math.min(1, Math.max(0, 1 - decibels / QUIETEST_DECIBELS));
}

/** Call `onLevel` with the loudness of the track, 20 times a second, until the answer is called. */
export function watchLevel(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 512 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness(samples));
  }, 1000 / DRAWS_PER_SECOND);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
