//! Built for fuzzing: libFuzzer's program, whose target `VAULTLET_FUZZ` names. Built otherwise: writes the seeds of every target below the
//! folder that is given.
#![cfg_attr(fuzzing, no_main)]
#![cfg_attr(fuzzing, allow(unsafe_code, reason = "libFuzzer calls it by its C name"))]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    use std::sync::OnceLock;
    static TARGET: OnceLock<fn(&[u8])> = OnceLock::new();
    let run = TARGET.get_or_init(|| {
        let name = std::env::var("VAULTLET_FUZZ").unwrap_or_default();
        vaultlet_fuzz::target(&name).expect("VAULTLET_FUZZ names a target")
    });
    run(data);
});

#[cfg(not(fuzzing))]
fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| "seeds".into());
    vaultlet_fuzz::write_seeds(folder.as_ref())
}
