//! One e-mail to one address, over a connection to a judged address.

use std::net::SocketAddr;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{SmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message};

use super::address;
use super::chosen::Enclosed;
use super::model::{Smtp, SmtpSecurity};
use super::outbox::Failure;

/// What goes along with a letter: tables of figures.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PATIENCE: Duration = Duration::from_secs(10);
/// Ports on which mail is taken.
const PORTS: [i64; 4] = [25, 465, 587, 2525];

/// What is written.
pub struct Letter {
    pub to: String,
    pub title: String,
    pub text: String,
    pub message_id: String,
    pub files: Vec<Enclosed>,
}

/// Judges the server before anything is looked up: the usual ports, and nothing in the open but within the company's own walls.
pub fn judge(smtp: &Smtp, intranet: &[String]) -> Result<(), String> {
    if address::is_intranet(intranet, &smtp.host, smtp.port) {
        return Ok(());
    }
    if smtp.security == SmtpSecurity::None {
        return Err("refused: not encrypted".into());
    }
    if PORTS.contains(&i64::from(smtp.port)) { Ok(()) } else { Err(format!("refused: port {}", smtp.port)) }
}

/// Sends it and waits until the server has taken it.
pub async fn send(smtp: Smtp, password: String, intranet: &[String], letter: Letter) -> Result<(), Failure> {
    judge(&smtp, intranet).map_err(Failure::passing)?;
    let addresses = address::resolve(&smtp.host, smtp.port, intranet).await.map_err(Failure::passing)?;
    let address = addresses.first().copied().ok_or_else(|| Failure::passing("no address"))?;
    let sent = tokio::task::spawn_blocking(move || send_to(address, &smtp, password, letter)).await;
    sent.unwrap_or_else(|_| Err(Failure::passing("the mail could not be written")))
}

fn send_to(address: SocketAddr, smtp: &Smtp, password: String, letter: Letter) -> Result<(), Failure> {
    let from: Address = smtp.from.parse().map_err(|_| Failure::passing("not a sender's address"))?;
    let to: Address = letter.to.parse().map_err(|_| Failure::for_good("not an e-mail address"))?;
    let builder = Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.message_id, from.domain())))
        .from(Mailbox::new(Some("成单".into()), from))
        .to(Mailbox::new(None, to))
        .subject(letter.title.replace(['\r', '\n'], " "));
    let message = if letter.files.is_empty() {
        builder.singlepart(SinglePart::plain(letter.text))
    } else {
        let kind = ContentType::parse(WORKBOOK).map_err(|error| Failure::passing(error.to_string()))?;
        let files = letter.files.into_iter();
        let text = MultiPart::mixed().singlepart(SinglePart::plain(letter.text));
        builder.multipart(files.fold(text, |parts, file| parts.singlepart(Attachment::new(file.name).body(file.content, kind.clone()))))
    };
    let message = message.map_err(|error| Failure::for_good(error.to_string()))?;
    let hello = ClientId::Domain("chengdan.local".into());
    let tls = match smtp.security {
        SmtpSecurity::None => None,
        _ => Some(TlsParameters::new(smtp.host.clone()).map_err(|error| passing(&error))?),
    };
    let wrapped = tls.as_ref().filter(|_| smtp.security == SmtpSecurity::Tls);
    let mut connection = SmtpConnection::connect(address, Some(PATIENCE), &hello, wrapped, None).map_err(|error| passing(&error))?;
    if let Some(tls) = tls.as_ref().filter(|_| smtp.security == SmtpSecurity::StartTls) {
        connection.starttls(tls, &hello).map_err(|error| passing(&error))?;
    }
    if !smtp.user.is_empty() {
        let credentials = Credentials::new(smtp.user.clone(), password);
        connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map_err(|error| passing(&error))?;
    }
    // Only what the server says to this one letter can be a refusal for good.
    connection.send(message.envelope(), &message.formatted()).map_err(|error| match error.is_permanent() {
        true => Failure::for_good(error.to_string()),
        false => passing(&error),
    })?;
    // It was taken; how the server says good-bye does not matter.
    let _ = connection.quit();
    Ok(())
}

fn passing(error: &SmtpError) -> Failure {
    let mut text = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        text = format!("{text}: {source}");
    }
    Failure::passing(text)
}
