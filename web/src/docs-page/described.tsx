/** Text of the document, in which `backquotes` mark code. */
export function Described({ text }: { text: string }) {
  return <>{text.split("`").map((part, place) => (place % 2 ? <code key={place}>{part}</code> : part))}</>;
}
