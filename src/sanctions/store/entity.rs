//! sea-orm entities of the sanction lists, their history, what is owned by whom, and controlled goods.
//!
//! Days are numbers YYYYMMDD. Most rows are versions: `since_*` is the release and day that brought one, `until_*` what
//! ended it.

/// When somebody last looked at a list, also when it had not changed.
pub mod list {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sanction_lists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i32,
        pub authority: String,
        pub checked_at_ms: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The number of a subject, which it keeps for ever.
pub mod subject {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sanction_subjects")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: i32,
        pub dataset: i32,
        pub uid: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Versions of subjects. `spell_day` is the publication day since which one has been on the list without interruption.
pub mod record {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sanction_records")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub since_day: i32,
        pub until_release: Option<i32>,
        pub until_day: Option<i32>,
        pub begins: i16,
        pub spell_day: i32,
        pub kind: i16,
        pub authority: String,
        pub name: String,
        pub listed_day: Option<i32>,
        pub delisted_day: Option<i32>,
        pub record: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What subjects are found by: words, identifiers, programmes, countries, measures.
pub mod key {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sanction_keys")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: i16,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub since_day: i32,
        pub until_release: Option<i32>,
        pub until_day: Option<i32>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What releases did to subjects.
pub mod change {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sanction_changes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i64,
        pub release: i32,
        pub day: i32,
        pub subject: i32,
        pub kind: i16,
        pub initial: i16,
        pub subject_kind: i16,
        pub name: String,
        pub fields: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Who owns whom. Shares are ten-thousandths of a percent, absent where nobody knows.
pub mod holding {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "sanction_holdings")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub since_day: i32,
        pub until_release: Option<i32>,
        pub until_day: Option<i32>,
        pub owner: String,
        pub owner_name: String,
        pub owned: String,
        pub owned_name: String,
        pub control: i16,
        pub share: Option<i32>,
        pub start_day: Option<i32>,
        pub end_day: Option<i32>,
        pub source: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Codes of goods whose export is controlled or watched.
pub mod controlled_good {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "controlled_goods")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entry: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub since_day: i32,
        pub until_release: Option<i32>,
        pub until_day: Option<i32>,
        pub authority: String,
        pub regime: String,
        pub classification: String,
        pub code: String,
        pub tier: String,
        pub destinations: String,
        pub start_day: Option<i32>,
        pub end_day: Option<i32>,
        pub title: String,
        pub source: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
