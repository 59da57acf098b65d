# A small three-tier network over two zones: a bastion and a NAT gateway in the
# public subnets, the application and the database in private ones.

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

variable "office" {
  description = "Addresses from which operators work."
  type        = string
  default     = "203.0.113.0/24"
}

locals {
  ami   = "ami-0a49b025fffbbdac6"
  zones = ["eu-central-1a", "eu-central-1b"]
  tiers = ["public", "app", "database"]

  # public-a, public-b, app-a, …: each tier has one subnet in each zone.
  subnets = merge([
    for t, tier in local.tiers : {
      for z, zone in local.zones : "${tier}-${substr(zone, -1, 1)}" => {
        tier = tier
        zone = zone
        cidr = cidrsubnet("10.30.0.0/16", 8, 10 * t + z)
      }
    }
  ]...)
}

# Network

resource "aws_vpc" "main" {
  cidr_block           = "10.30.0.0/16"
  enable_dns_hostnames = true

  tags = { Name = "three-tier" }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}

resource "aws_subnet" "main" {
  for_each = local.subnets

  vpc_id            = aws_vpc.main.id
  availability_zone = each.value.zone
  cidr_block        = each.value.cidr

  tags = {
    Name = each.key
    Tier = each.value.tier
  }
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "main" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.main["public-a"].id

  depends_on = [aws_internet_gateway.main]
}

resource "aws_route_table" "main" {
  for_each = toset(local.tiers)

  vpc_id = aws_vpc.main.id

  tags = { Name = each.key }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.main["public"].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route" "nat" {
  route_table_id         = aws_route_table.main["app"].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.main.id
}

resource "aws_route_table_association" "main" {
  for_each = local.subnets

  subnet_id      = aws_subnet.main[each.key].id
  route_table_id = aws_route_table.main[each.value.tier].id
}

# The database's subnets take nothing but PostgreSQL and its replies.
resource "aws_network_acl" "database" {
  vpc_id     = aws_vpc.main.id
  subnet_ids = [for key, subnet in local.subnets : aws_subnet.main[key].id if subnet.tier == "database"]

  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "10.30.0.0/16"
    from_port  = 5432
    to_port    = 5432
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = "10.30.0.0/16"
    from_port  = 1024
    to_port    = 65535
  }
}

# Security groups

resource "aws_security_group" "bastion" {
  name   = "bastion"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "bastion_ssh" {
  security_group_id = aws_security_group.bastion.id
  description       = "SSH from the office"
  cidr_ipv4         = var.office
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_vpc_security_group_egress_rule" "bastion_ssh" {
  security_group_id            = aws_security_group.bastion.id
  description                  = "SSH to the application"
  referenced_security_group_id = aws_security_group.app.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

resource "aws_security_group" "app" {
  name   = "app"
  vpc_id = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "app_ssh" {
  security_group_id            = aws_security_group.app.id
  description                  = "SSH from the bastion"
  referenced_security_group_id = aws_security_group.bastion.id
  ip_protocol                  = "tcp"
  from_port                    = 22
  to_port                      = 22
}

resource "aws_vpc_security_group_egress_rule" "app_all" {
  security_group_id = aws_security_group.app.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "database" {
  name   = "database"
  vpc_id = aws_vpc.main.id

  ingress {
    description     = "PostgreSQL from the application"
    security_groups = [aws_security_group.app.id]
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
  }
}

# Instances

resource "aws_instance" "bastion" {
  ami                         = local.ami
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.main["public-a"].id
  vpc_security_group_ids      = [aws_security_group.bastion.id]
  associate_public_ip_address = true

  tags = { Name = "bastion" }
}

resource "aws_instance" "app" {
  count = length(local.zones)

  ami                    = local.ami
  instance_type          = "t3.small"
  subnet_id              = aws_subnet.main[["app-a", "app-b"][count.index]].id
  vpc_security_group_ids = [aws_security_group.app.id]

  tags = {
    Name = "app-${count.index}"
    Tier = "app"
  }
}

resource "aws_instance" "database" {
  ami                    = local.ami
  instance_type          = "r6i.large"
  subnet_id              = aws_subnet.main["database-a"].id
  vpc_security_group_ids = [aws_security_group.database.id]

  tags = {
    Name = "database"
    Tier = "database"
  }
}
