//! sea-orm entities of the reference tables.

pub mod area {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "areas")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub code: String,
        pub alpha2: Option<String>,
        pub alpha3: Option<String>,
        pub m49: Option<i32>,
        pub kind: String,
        pub name: String,
        pub entry_year: Option<i32>,
        pub exit_year: Option<i32>,
        pub source: String,
        pub note: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod unit {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub abbreviation: String,
        pub name: String,
        pub source: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod classification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "classifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub code: String,
        pub name: String,
        pub title: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod commodity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "commodities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub until_release: Option<i32>,
        pub classification: i32,
        pub code: String,
        pub title: String,
        pub level: i32,
        pub parent: Option<i32>,
        pub leaf: bool,
        pub unit: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod concordance {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "concordances")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_classification: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_classification: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub from_commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub to_commodity: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub until_release: Option<i32>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
