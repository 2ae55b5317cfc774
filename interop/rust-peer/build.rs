//! Tells the program which rustls it was built with.

fn main() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let lock = std::fs::read_to_string("Cargo.lock").expect("Cargo.lock is there");
    let version = lock
        .split("[[package]]")
        .find(|package| package.contains("name = \"rustls\"\n"))
        .and_then(|package| package.split("version = \"").nth(1)?.split('"').next())
        .expect("Cargo.lock names rustls");
    println!("cargo::rustc-env=RUSTLS_VERSION={version}");
}
