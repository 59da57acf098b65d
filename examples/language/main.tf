# A network in which every construct of the assertion language has something to
# say: a production VPC in tiers, a development VPC behind a peering connection, a
# proxy and a batch service in modules, an office outside.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-central-1"
}

variable "environment" {
  type    = string
  default = "prod"
}

locals {
  ami    = "ami-0a49b025fffbbdac6"
  office = "203.0.113.0/24"
  zones  = { a = "eu-central-1a", b = "eu-central-1b" }
}

# Production

resource "aws_vpc" "prod" {
  cidr_block = "10.10.0.0/16"
}

resource "aws_internet_gateway" "prod" {
  vpc_id = aws_vpc.prod.id
}

resource "aws_subnet" "public" {
  for_each          = local.zones
  vpc_id            = aws_vpc.prod.id
  availability_zone = each.value
  cidr_block        = each.key == "a" ? "10.10.0.0/24" : "10.10.1.0/24"
}

resource "aws_subnet" "private" {
  for_each          = local.zones
  vpc_id            = aws_vpc.prod.id
  availability_zone = each.value
  cidr_block        = each.key == "a" ? "10.10.10.0/24" : "10.10.11.0/24"
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  subnet_id     = aws_subnet.public["a"].id
  allocation_id = aws_eip.nat.id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.prod.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.prod.id
  }
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.prod.id

  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.main.id
  }

  route {
    cidr_block                = aws_vpc.dev.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.dev.id
  }
}

resource "aws_route_table_association" "public" {
  for_each       = aws_subnet.public
  subnet_id      = each.value.id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "private" {
  for_each       = aws_subnet.private
  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

module "edge" {
  source = "./edge"
  vpc    = aws_vpc.prod.id
  subnet = aws_subnet.public["b"].id
}

resource "aws_security_group" "bastion" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [local.office]
  }

  egress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [aws_vpc.prod.cidr_block]
  }
}

resource "aws_instance" "bastion" {
  ami                         = local.ami
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public["a"].id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.bastion.id]
}

resource "aws_security_group" "app" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol        = "tcp"
    from_port       = 8080
    to_port         = 8080
    security_groups = [module.edge.security_group]
  }

  ingress {
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
    security_groups = [aws_security_group.bastion.id]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "app" {
  for_each               = local.zones
  ami                    = local.ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private[each.key].id
  vpc_security_group_ids = [aws_security_group.app.id]
  tags                   = { Tier = "app" }
}

resource "aws_security_group" "data" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.app.id]
    cidr_blocks     = [local.office]
  }
}

resource "aws_db_subnet_group" "data" {
  subnet_ids = [for s in aws_subnet.private : s.id]
}

resource "aws_db_instance" "main" {
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  engine                 = "postgres"
  username               = "app"
  password               = "not-a-real-one"
  skip_final_snapshot    = true
  db_subnet_group_name   = aws_db_subnet_group.data.name
  vpc_security_group_ids = [aws_security_group.data.id]
}

resource "aws_instance" "sandbox" {
  ami                    = local.ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private["a"].id
  vpc_security_group_ids = [aws_security_group.data.id]
  tags                   = { Role = "database" }
}

# The batch service, one instance of its module for each customer

module "batch" {
  source   = "./batch"
  for_each = toset(["eu", "us"])
  vpc      = aws_vpc.prod.id
  subnet   = aws_subnet.private[each.key == "eu" ? "a" : "b"].id
  tier     = "batch"
}

resource "aws_security_group" "sync" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [aws_vpc.prod.cidr_block]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = [aws_vpc.prod.cidr_block]
  }
}

resource "aws_instance" "sync" {
  ami                    = local.ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private["b"].id
  vpc_security_group_ids = [aws_security_group.sync.id]
  tags                   = { Role = "sync", Name = "night sync" }
}

# Development

resource "aws_vpc" "dev" {
  cidr_block = "10.20.0.0/16"
}

resource "aws_vpc_peering_connection" "dev" {
  vpc_id      = aws_vpc.prod.id
  peer_vpc_id = aws_vpc.dev.id
  auto_accept = true
}

resource "aws_subnet" "dev" {
  vpc_id     = aws_vpc.dev.id
  cidr_block = "10.20.0.0/24"
}

resource "aws_route_table" "dev" {
  vpc_id = aws_vpc.dev.id

  route {
    cidr_block                = aws_vpc.prod.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.dev.id
  }
}

resource "aws_route_table_association" "dev" {
  subnet_id      = aws_subnet.dev.id
  route_table_id = aws_route_table.dev.id
}

resource "aws_security_group" "dev" {
  vpc_id = aws_vpc.dev.id

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "dev" {
  ami                    = local.ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.dev.id
  vpc_security_group_ids = [aws_security_group.dev.id]
}

# A name server in production that development may ask

resource "aws_security_group" "resolver" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol    = "udp"
    from_port   = 53
    to_port     = 53
    cidr_blocks = ["10.0.0.0/8"]
  }
}

resource "aws_instance" "resolver" {
  ami                    = local.ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private["a"].id
  vpc_security_group_ids = [aws_security_group.resolver.id]
}

# Owned by another team, and read only when the plan is applied

data "aws_security_group" "monitoring" {
  name       = "monitoring"
  vpc_id     = aws_vpc.prod.id
  depends_on = [aws_vpc.prod]
}

resource "aws_security_group" "agent" {
  vpc_id = aws_vpc.prod.id

  ingress {
    protocol        = "tcp"
    from_port       = 9100
    to_port         = 9100
    security_groups = [data.aws_security_group.monitoring.id]
  }
}

resource "aws_instance" "agent" {
  ami                    = local.ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.private["a"].id
  vpc_security_group_ids = [aws_security_group.agent.id]
}
