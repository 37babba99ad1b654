//! The page's start.

fn main() {
    vaultlet_web::start();
}
