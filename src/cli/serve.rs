use crate::config::Config;
#[derive(Debug, clap::Args)]
pub struct Args {}
impl Args { pub fn overrides(&self, o: Vec<(String,String)>) -> Vec<(String,String)> { o } }
pub async fn run(_: Args, _: Config) -> u8 { 0 }
