// Makes the owner's login with the token of the set-up link.

const $ = (id) => document.getElementById(id);

// The token leaves the address bar at once, so that it is in no history and over nobody's shoulder.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

function say(text) {
  $("problem").textContent = text;
}

if (!token) say("This address lacks the part after #. Open the whole link that the server printed when it started.");

$("setup").addEventListener("submit", async (event) => {
  event.preventDefault();
  say("");
  const button = $("setup").querySelector("button");
  button.disabled = true;
  try {
    const body = JSON.stringify({ token, email: $("email").value, password: $("password").value });
    const response = await fetch("/v1/auth/setup", { method: "POST", body });
    if (response.ok) {
      $("setup").hidden = true;
      $("done").hidden = false;
      return;
    }
    const problem = await response.json().catch(() => null);
    say(problem?.detail ?? `The server answered ${response.status}.`);
  } catch {
    say("The server does not answer. Does it still run?");
  } finally {
    button.disabled = false;
  }
});
