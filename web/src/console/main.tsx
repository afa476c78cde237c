import { render } from "preact";

function Page() {
  return (
    <main>
      <h1>Vestibule console</h1>
    </main>
  );
}

const place = document.getElementById("page");
if (place) render(<Page />, place);
