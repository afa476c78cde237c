/** The product's sign and name: a door that stands a little open. */
export function Wordmark({ name }: { name: string }) {
  return (
    <p class="wordmark">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M5 21V4.5A1.5 1.5 0 0 1 6.5 3h11A1.5 1.5 0 0 1 19 4.5V21M3 21h18" />
        <path class="wordmark-door" d="M8.5 21V6.5l7 2.5v12z" />
      </svg>
      {name}
    </p>
  );
}
