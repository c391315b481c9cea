//! sea-orm entities of energy: records with their past, observations of price indexes, deliveries.

/// A version of a contract, a route or a price index, by the kind of its dataset.
pub mod record {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "energy_records")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        /// Stands for the identifier in tables that have many rows a record.
        pub number: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub since_day: i32,
        pub until_release: Option<i32>,
        pub until_day: Option<i32>,
        /// JSON.
        pub record: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A value of a price index on a day.
pub mod observation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "energy_observations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub day: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub since_release: i32,
        pub since_day: i32,
        pub until_release: Option<i32>,
        pub until_day: Option<i32>,
        /// An exact decimal with the source's digits.
        pub value: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was delivered over a period.
pub mod delivery {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "energy_deliveries")]
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
        pub subject: String,
        pub start_day: i32,
        pub end_day: i32,
        /// An exact decimal with the source's digits.
        pub value: String,
        pub unit: String,
        pub source: String,
        pub confidence: i16,
        pub netting_rule: String,
        pub note: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
