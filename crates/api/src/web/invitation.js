// Shows whose an invitation is, and sets the first password.

const $ = (id) => document.getElementById(id);

// The token leaves the address bar at once, so that it is in no history and over nobody's shoulder.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

function say(text) {
  $("problem").textContent = text;
  $("problem").hidden = !text;
}

// What the server answered; null if it refused, which has been said then.
async function ask(path, body) {
  try {
    const response = await fetch(path, { method: "POST", body: JSON.stringify(body) });
    if (response.ok) return await response.json();
    const problem = await response.json().catch(() => null);
    say(problem?.detail ?? `The server answered ${response.status}.`);
  } catch {
    say("The server does not answer. Try again in a moment.");
  }
  return null;
}

if (!token) {
  say("This address lacks the part after #. Open the whole link of the mail.");
} else {
  const invited = await ask("/v1/auth/invitation", { token });
  if (invited) {
    $("name").textContent = invited.name;
    $("domain").textContent = invited.domain;
    $("email").value = invited.email;
    $("accept").hidden = false;
    $("password").focus();
  }
}

$("accept").addEventListener("submit", async (event) => {
  event.preventDefault();
  say("");
  const button = $("accept").querySelector("button");
  button.disabled = true;
  const accepted = await ask("/v1/auth/invitation/accept", { token, password: $("password").value });
  button.disabled = false;
  if (!accepted) return;
  $("accept").hidden = true;
  $("done").hidden = false;
});
