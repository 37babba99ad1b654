//! jq in a worker of its own: loaded when it is first asked for, ended when somebody gives it up. It knows no jq.

use std::cell::RefCell;

use js_sys::{Array, Function, JsString, Object, Promise, Reflect, Uint8Array};
use vaultlet_cli::JqOutput;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, Worker};

/// The page's own worker scripts: the policy `vaultlet` lets no other address through.
const SCRIPTS: [&str; 1] = [JQ];
const JQ: &str = "./jq-worker.js";

/// The worker, once there is one.
#[derive(Default)]
pub(crate) struct Jq {
    worker: RefCell<Option<Worker>>,
}

/// Ends the worker if nobody waits for its answer any more: it may never come.
struct Waiting<'a> {
    jq: &'a Jq,
    answered: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.answered
            && let Some(worker) = self.jq.worker.borrow_mut().take()
        {
            worker.terminate();
        }
    }
}

impl Jq {
    /// Runs `jq ARGS` on `input`. Dropping the future ends the run.
    pub(crate) async fn run(&self, args: &[String], input: &[u8]) -> JqOutput {
        let mut waiting = Waiting { jq: self, answered: false };
        match self.answer(args, input).await {
            Ok(output) => {
                waiting.answered = true;
                output
            }
            Err(error) => failed(&error),
        }
    }

    async fn answer(&self, args: &[String], input: &[u8]) -> Result<JqOutput, JsValue> {
        let worker = self.worker()?;
        let message = Object::new();
        let args: Array = args.iter().map(|arg| JsValue::from_str(arg)).collect();
        Reflect::set(&message, &"args".into(), &args)?;
        Reflect::set(&message, &"input".into(), &Uint8Array::from(input))?;
        let answer = Promise::new(&mut |resolve, reject| {
            worker.set_onmessage(Some(&resolve));
            worker.set_onmessageerror(Some(&reject));
            worker.set_onerror(Some(&reject));
        });
        worker.post_message(&message)?;
        let event: MessageEvent = JsFuture::from(answer).await?.dyn_into()?;
        let data = event.data();
        let bytes = |name: &str| {
            Ok::<_, JsValue>(Reflect::get(&data, &name.into())?.dyn_into::<Uint8Array>()?.to_vec())
        };
        let code = Reflect::get(&data, &"code".into())?.as_f64().unwrap_or(5.0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an exit code is a byte")]
        Ok(JqOutput { stdout: bytes("stdout")?, stderr: bytes("stderr")?, code: code as u8 })
    }

    fn worker(&self) -> Result<Worker, JsValue> {
        if let Some(worker) = self.worker.borrow().as_ref() {
            return Ok(worker.clone());
        }
        let worker = start(JQ)?;
        *self.worker.borrow_mut() = Some(worker.clone());
        Ok(worker)
    }
}

/// Starts a module worker. The constructor of web-sys takes a text only, which Trusted Types refuse.
fn start(script: &'static str) -> Result<Worker, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"module".into())?;
    let constructor: Function = Reflect::get(&js_sys::global(), &"Worker".into())?.dyn_into()?;
    Reflect::construct(&constructor, &Array::of2(&trusted(script)?, &options))?.dyn_into()
}

/// The script's address as the policy `vaultlet` gives it; the address itself where a browser has no Trusted Types.
fn trusted(script: &str) -> Result<JsValue, JsValue> {
    let types = Reflect::get(&js_sys::global(), &"trustedTypes".into())?;
    if types.is_undefined() {
        return Ok(script.into());
    }
    thread_local! {
        // A policy of one name can be made once only.
        static POLICY: RefCell<Option<JsValue>> = const { RefCell::new(None) };
    }
    let policy = match POLICY.with_borrow(Clone::clone) {
        Some(policy) => policy,
        None => {
            let policy = make_policy(&types)?;
            POLICY.set(Some(policy.clone()));
            policy
        }
    };
    call(&policy, "createScriptURL", &[script.into()])
}

fn make_policy(types: &JsValue) -> Result<JsValue, JsValue> {
    let only_ours = Closure::<dyn Fn(JsString) -> Result<JsString, JsValue>>::new(|script: JsString| {
        if SCRIPTS.iter().any(|own| script == *own) {
            Ok(script)
        } else {
            Err(js_sys::TypeError::new("this page starts no script but its own").into())
        }
    });
    let rules = Object::new();
    Reflect::set(&rules, &"createScriptURL".into(), &only_ours.into_js_value())?;
    call(types, "createPolicy", &["vaultlet".into(), rules.into()])
}

fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    Reflect::apply(&method, object, &arguments.iter().collect::<Array>())
}

/// The worker did not start or broke: say so, and start another one next time.
fn failed(error: &JsValue) -> JqOutput {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    let message = message.filter(|message| !message.is_empty());
    let why =
        message.unwrap_or_else(|| "its script could not be loaded; try again when you are online".to_owned());
    JqOutput { stdout: Vec::new(), stderr: format!("jq: error: {why}\n").into_bytes(), code: 2 }
}
