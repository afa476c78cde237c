import { render } from "preact";

function Page() {
  return (
    <main>
      <h1>Video call</h1>
    </main>
  );
}

const place = document.getElementById("page");
if (place) render(<Page />, place);
