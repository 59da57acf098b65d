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

# Defaults taken over by Terraform: the default group, ACL, main table, and a
# main table that is replaced.

resource "aws_vpc" "a" {
  cidr_block = "10.10.0.0/16"
}

resource "aws_vpc" "b" {
  cidr_block = "10.11.0.0/16"
}

resource "aws_internet_gateway" "main" {
  for_each = { a = aws_vpc.a.id, b = aws_vpc.b.id }

  vpc_id = each.value
}

resource "aws_default_security_group" "a" {
  vpc_id = aws_vpc.a.id
}

resource "aws_default_security_group" "b" {
  vpc_id = aws_vpc.b.id

  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }

  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_default_route_table" "a" {
  default_route_table_id = aws_vpc.a.default_route_table_id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main["a"].id
  }
}

resource "aws_route_table" "b" {
  vpc_id = aws_vpc.b.id

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main["b"].id
  }
}

resource "aws_main_route_table_association" "b" {
  vpc_id         = aws_vpc.b.id
  route_table_id = aws_route_table.b.id
}

resource "aws_default_network_acl" "a" {
  default_network_acl_id = aws_vpc.a.default_network_acl_id
}

resource "aws_subnet" "a" {
  vpc_id                  = aws_vpc.a.id
  cidr_block              = "10.10.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "b" {
  vpc_id                  = aws_vpc.b.id
  cidr_block              = "10.11.1.0/24"
  map_public_ip_on_launch = true
}

resource "aws_security_group" "open" {
  name   = "open"
  vpc_id = aws_vpc.a.id

  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "a" {
  for_each = { open = [aws_security_group.open.id], default = null }

  ami                    = "ami-0a49b025fffbbdac6"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.a.id
  vpc_security_group_ids = each.value
}

resource "aws_instance" "b" {
  count = 2

  ami           = "ami-0a49b025fffbbdac6"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.b.id
}
