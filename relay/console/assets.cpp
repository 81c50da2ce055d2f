// The one stylesheet, and the one script: nothing comes from anywhere else.
#include "relay/console/visit.hpp"

namespace certrelay {
namespace {

constexpr std::string_view kStyle = R"css(:root{--ink:#1d2733;--soft:#51606f;--line:#c9d2db;
--paper:#fff;--back:#f3f5f8;--blue:#0b4f8a;--blue-soft:#e6eff8;--good:#12633a;--good-soft:#e3f3ea;
--warn:#7a4b00;--warn-soft:#fdf0d5;--bad:#a31621;--bad-soft:#fde7e8}
*{box-sizing:border-box}
html{font-size:100%}
body{margin:0;color:var(--ink);background:var(--back);line-height:1.7;
font-family:"BIZ UDPGothic","Hiragino Sans","Yu Gothic UI","Noto Sans JP","IPAexGothic",
"IPAGothic",sans-serif}
a{color:var(--blue);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--ink);outline-offset:1px;box-shadow:0 0 0 7px #ffd54a;
border-radius:3px}
.skip{position:absolute;left:-999em}.skip:focus{left:1em;top:.5em;background:var(--paper);
padding:.5em 1em;z-index:2}
.ribbon{margin:0;padding:.25rem 1.5rem;background:var(--warn-soft);color:var(--warn);
font-weight:700;font-size:.9rem}
.ribbon.bad{background:var(--bad);color:#fff}
header{display:flex;flex-wrap:wrap;gap:.5rem 2rem;align-items:center;
justify-content:space-between;
padding:.6rem 1.5rem;background:var(--blue);color:#fff}
header .site{margin:0;font-size:1.05rem}
.person{display:flex;gap:1rem;align-items:center;font-size:.95rem}.person form{margin:0}
.columns{display:flex;align-items:flex-start;max-width:84rem;margin:0 auto}
nav{flex:0 0 13rem;padding:1.25rem 0 1.25rem 1.5rem}
nav ul{list-style:none;margin:0;padding:0}
nav a{display:flex;justify-content:space-between;align-items:center;min-height:2.75rem;
padding:.3rem .9rem;
color:var(--ink);text-decoration:none;border-left:4px solid transparent;border-radius:0 4px 4px 0}
nav a:hover{background:var(--blue-soft)}
nav a[aria-current]{background:var(--blue-soft);border-left-color:var(--blue);font-weight:700;
color:var(--blue)}
.pill{background:var(--blue);color:#fff;border-radius:1em;padding:0 .6em;font-size:.8rem;
font-weight:700}
.pill.bad{background:var(--bad);color:#fff}
main{flex:1 1 auto;min-width:0;padding:1.25rem 1.5rem 3rem}
main:focus{outline:none}
main.alone{max-width:34rem;margin:3rem auto 0}
h1{font-size:1.5rem;margin:.2rem 0 1rem;line-height:1.4}
h2{font-size:1.15rem;margin:0 0 .8rem;padding-bottom:.3rem;border-bottom:2px solid var(--line)}
h3{font-size:1rem;margin:0 0 .6rem}
section,.alone form,.order{background:var(--paper);border:1px solid var(--line);border-radius:6px;
padding:1.1rem 1.3rem;margin:0 0 1.25rem}
.order{background:var(--back)}
.orders{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1rem}
.orders .order{margin:0}
.facts{margin:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));
gap:.7rem 1.5rem}
.facts div{min-width:0}.back{margin:1rem 0 0}
dt{color:var(--soft);font-size:.875rem}
dd{margin:0;font-weight:600;overflow-wrap:anywhere}
dd code{font-weight:400;font-size:.85em}
.figures .facts{grid-template-columns:repeat(auto-fit,minmax(9rem,1fr))}
.figures dd{font-size:1.6rem;line-height:1.3}
.badge{display:inline-block;padding:.05rem .65rem;border-radius:4px;font-weight:700;
font-size:.9rem;border:1px solid;white-space:nowrap}
.good{color:var(--good);background:var(--good-soft)}.warn{color:var(--warn);
background:var(--warn-soft)}
.bad{color:var(--bad);background:var(--bad-soft)}.plain{color:var(--soft);background:var(--back)}
.note{padding:.7rem 1rem;border-radius:6px;border:1px solid currentColor;margin:0 0 1.25rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.94rem}
caption{text-align:left;color:var(--soft);font-size:.875rem;padding:0 0 .35rem}
th,td{padding:.45rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;
word-break:keep-all;overflow-wrap:break-word}
td code{overflow-wrap:break-word}
section>.order:last-child{margin-bottom:0}
.facts+.scroll{margin-top:1.1rem}.scroll+.hint{margin-top:.7rem}
thead th{background:var(--back);white-space:nowrap;font-size:.875rem}
tbody th{font-weight:600}
.number{text-align:right;font-variant-numeric:tabular-nums}
.empty{color:var(--soft);margin:.2rem 0}
.fields{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:0 1.5rem}
.field{display:block;margin:0 0 .9rem}
.field .label{display:block;font-weight:600}
.field .hint{display:block;margin:0 0 .15rem}
.hint{color:var(--soft);font-size:.875rem;margin:0 0 .5rem}
input[type=text],input[type=password],input[type=date],select{font:inherit;width:100%;
max-width:28rem;
min-height:2.75rem;padding:.4rem .7rem;border:1px solid #6b7a89;border-radius:4px;background:#fff;
color:inherit}
button{font:inherit;font-weight:700;min-height:2.75rem;padding:.4rem 1.4rem;border-radius:4px;
cursor:pointer;
border:2px solid var(--blue);background:#fff;color:var(--blue)}
button.primary{background:var(--blue);color:#fff}button.primary:hover{background:#083c6a}
button.danger{background:var(--bad);border-color:var(--bad);color:#fff}
button.quiet{border-color:#fff;background:transparent;color:#fff;min-height:2.25rem;
padding:.15rem 1rem}
.actions{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.9em;overflow-wrap:anywhere}
pre{background:var(--back);padding:.7rem 1rem;border-radius:4px;overflow-x:auto;
margin:.3rem 0 1rem}
svg.chart{display:block;width:100%;height:auto;max-height:17rem;margin-bottom:1rem}
svg .issued{fill:#0b4f8a}svg .refused{fill:#d98300}svg .axis{stroke:#6b7a89;stroke-width:1}
svg .grid{stroke:#dde3e9;stroke-width:1}svg text{fill:#51606f;font-size:12px;font-family:inherit}
.legend{display:flex;gap:1.5rem;margin:0 0 .4rem;font-size:.9rem;color:var(--soft);padding:0;
list-style:none}
.legend li::before{content:"";display:inline-block;width:.9em;height:.9em;margin-right:.4em;
border-radius:2px;
vertical-align:-.08em}.legend .issued::before{background:#0b4f8a}.legend .refused::before{
background:#d98300}
footer{display:flex;justify-content:space-between;align-items:center;max-width:84rem;
margin:0 auto;
padding:0 1.5rem 1.5rem;color:var(--soft);font-size:.875rem}
footer p{margin:0}.language{margin-left:auto}
.language button{min-height:2.25rem;padding:.1rem .9rem;font-weight:400}
main.alone+footer{max-width:34rem}
@media(max-width:52rem){.columns{display:block}nav{padding:.75rem 1.5rem 0}nav ul{display:flex;
flex-wrap:wrap}
nav a{border-left:0;border-bottom:3px solid transparent;border-radius:4px 4px 0 0;gap:.4rem}
nav a[aria-current]{border-bottom-color:var(--blue)}}
@media(prefers-reduced-motion:no-preference){a,button{transition:background-color .12s}}
@media print{nav,footer,form{display:none}body{background:#fff}section{border:0;padding:0}}
)css";

// Without it a page works as far as no key signs; with it the key is asked, and the form goes out.
constexpr std::string_view kScript = R"js("use strict";
(() => {
  const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const base64 = buffer => btoa(String.fromCharCode(...Reflect.construct(Uint8Array, [buffer])));
  const say = (form, text) => {
    const place = form.querySelector("[data-said]");
    place.textContent = text;
    place.hidden = false;
  };
  const put = (form, name, value) => { form.elements.namedItem(name).value = value; };

  const sign = async form => {
    const keys = form.dataset.keys.split(" ").filter(Boolean).map(one => one.split(":"));
    const found = await navigator.credentials.get({publicKey: {
      challenge: bytes(form.dataset.challenge),
      rpId: form.dataset.host,
      allowCredentials: keys.map(([, id]) => ({type: "public-key", id: bytes(id)})),
      userVerification: "required",
      timeout: 120000,
    }});
    const id = base64(found.rawId);
    put(form, "keyid", keys.find(([, known]) => known === id)[0]);
    put(form, "authenticator_data", base64(found.response.authenticatorData));
    put(form, "client_data", base64(found.response.clientDataJSON));
    put(form, "signature", base64(found.response.signature));
  };

  const make = async form => {
    const made = await navigator.credentials.create({publicKey: {
      rp: {id: form.dataset.host, name: form.dataset.site},
      user: {id: Uint8Array.from(form.dataset.user, c => c.charCodeAt(0)), name: form.dataset.user,
             displayName: form.dataset.user},
      challenge: bytes(form.dataset.challenge),
      pubKeyCredParams: [{type: "public-key", alg: -7}],
      excludeCredentials: form.dataset.keys.split(" ").filter(Boolean)
        .map(one => ({type: "public-key", id: bytes(one.split(":")[1])})),
      authenticatorSelection: {userVerification: "required"},
      attestation: "direct",
      timeout: 120000,
    }});
    put(form, "client_data", base64(made.response.clientDataJSON));
    put(form, "attestation_object", base64(made.response.attestationObject));
  };

  for (const form of document.querySelectorAll("form[data-challenge]")) {
    let ready = false;
    form.addEventListener("submit", async event => {
      if (ready || (event.submitter && event.submitter.dataset.plain !== undefined)) return;
      event.preventDefault();
      try {
        await (form.dataset.what === "create" ? make(form) : sign(form));
        ready = true;
        form.requestSubmit(event.submitter);
      } catch (fault) {
        say(form, form.dataset.failed);
      }
    });
  }
})();
)js";

HttpAnswer file_of(std::string type, std::string_view file) {
  const auto bytes = as_bytes(file);
  return {200,
          {{"content-type", std::move(type)},
           {"cache-control", "no-store"},
           {"x-content-type-options", "nosniff"}},
          {bytes.begin(), bytes.end()}};
}

}  // namespace

std::optional<HttpAnswer> asset(std::string_view path) {
  if (path == "/console.css") return file_of("text/css; charset=utf-8", kStyle);
  if (path == "/console.js") return file_of("text/javascript; charset=utf-8", kScript);
  return std::nullopt;
}

}  // namespace certrelay
