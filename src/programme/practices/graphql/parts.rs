//! What a practice is made of, in the schema: figures, sources, contacts. What it is not: the practice.

use async_graphql::{Context, Object, SimpleObject};

use crate::api::context::InOperation;
use crate::api::scalars::{Date, Decimal, EmailAddress, LanguageTag, WebAddress};
use crate::programme::practices::content::Contact;
use crate::programme::reference::{Figure, FigureQualifier, Source};

/// A figure that a practice states.
#[derive(Debug)]
pub struct PracticeFigure(pub Figure);

/// A figure that a practice states.
#[Object]
impl PracticeFigure {
    /// What is counted or measured.
    async fn name(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        let language = context.language(language.as_ref());
        self.0.what.in_language(language)
    }

    /// How the source qualifies the value.
    async fn qualifier(&self) -> FigureQualifier {
        self.0.qualifier
    }

    /// The value.
    async fn value(&self) -> Decimal {
        Decimal(self.0.value.to_string())
    }

    /// What the value is a number of.
    async fn unit(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> &str {
        let language = context.language(language.as_ref());
        self.0.unit.in_language(language)
    }

    /// How it was counted or measured, where that is said.
    async fn method(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Danish or English; the language of the request by default.")]
        language: Option<LanguageTag>,
    ) -> Option<&str> {
        let language = context.language(language.as_ref());
        let method = self.0.method.as_ref();
        method.map(|method| method.in_language(language))
    }
}

/// A document that a practice is taken from.
#[derive(Debug, SimpleObject)]
pub struct PracticeSource {
    /// Its title, in its own language.
    title: String,
    /// Who published it.
    publisher: String,
    /// The day it bears.
    published_on: Option<Date>,
    /// Its number in the publisher's archive.
    document_number: Option<String>,
    /// Where it can be read.
    url: Option<WebAddress>,
}

impl From<Source> for PracticeSource {
    fn from(source: Source) -> Self {
        Self {
            title: source.title,
            publisher: source.publisher,
            published_on: source.date.map(Date),
            document_number: source.document_number,
            url: source.url.map(WebAddress),
        }
    }
}

/// Whom to ask about a practice, at work.
#[derive(Debug, SimpleObject)]
pub struct PracticeContact {
    /// The office or the person.
    name: String,
    /// The e-mail address at work.
    email: Option<EmailAddress>,
    /// A page of the office.
    url: Option<WebAddress>,
}

impl From<Contact> for PracticeContact {
    fn from(contact: Contact) -> Self {
        Self {
            name: contact.name,
            email: contact.email.map(EmailAddress),
            url: contact.url.map(WebAddress),
        }
    }
}
